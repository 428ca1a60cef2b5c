"""The subjects of the Russian Federation: number, Russian and English name, capital, zone, numbers on its car plates.

Numbers are those of the Federal Tax Service's list (used by the tax, address and policy registers). A subject with several
zones has its capital's. Plates of three digits are known by their last two unless they are listed. Zones: IANA.
"""

TABLE = """
01 | Республика Адыгея | Adygea | Майкоп | Maykop | Europe/Moscow |
02 | Республика Башкортостан | Bashkortostan | Уфа | Ufa | Asia/Yekaterinburg |
03 | Республика Бурятия | Buryatia | Улан-Удэ | Ulan-Ude | Asia/Irkutsk |
04 | Республика Алтай | Altai Republic | Горно-Алтайск | Gorno-Altaysk | Asia/Barnaul |
05 | Республика Дагестан | Dagestan | Махачкала | Makhachkala | Europe/Moscow |
06 | Республика Ингушетия | Ingushetia | Магас | Magas | Europe/Moscow |
07 | Кабардино-Балкарская Республика | Kabardino-Balkaria | Нальчик | Nalchik | Europe/Moscow |
08 | Республика Калмыкия | Kalmykia | Элиста | Elista | Europe/Moscow |
09 | Карачаево-Черкесская Республика | Karachay-Cherkessia | Черкесск | Cherkessk | Europe/Moscow |
10 | Республика Карелия | Karelia | Петрозаводск | Petrozavodsk | Europe/Moscow |
11 | Республика Коми | Komi | Сыктывкар | Syktyvkar | Europe/Moscow |
12 | Республика Марий Эл | Mari El | Йошкар-Ола | Yoshkar-Ola | Europe/Moscow |
13 | Республика Мордовия | Mordovia | Саранск | Saransk | Europe/Moscow |
14 | Республика Саха (Якутия) | Sakha (Yakutia) | Якутск | Yakutsk | Asia/Yakutsk |
15 | Республика Северная Осетия — Алания | North Ossetia — Alania | Владикавказ | Vladikavkaz | Europe/Moscow |
16 | Республика Татарстан | Tatarstan | Казань | Kazan | Europe/Moscow |
17 | Республика Тыва | Tuva | Кызыл | Kyzyl | Asia/Krasnoyarsk |
18 | Удмуртская Республика | Udmurtia | Ижевск | Izhevsk | Europe/Samara |
19 | Республика Хакасия | Khakassia | Абакан | Abakan | Asia/Krasnoyarsk |
20 | Чеченская Республика | Chechnya | Грозный | Grozny | Europe/Moscow | 95
21 | Чувашская Республика | Chuvashia | Чебоксары | Cheboksary | Europe/Moscow |
22 | Алтайский край | Altai Krai | Барнаул | Barnaul | Asia/Barnaul |
23 | Краснодарский край | Krasnodar Krai | Краснодар | Krasnodar | Europe/Moscow | 93 123 193 323
24 | Красноярский край | Krasnoyarsk Krai | Красноярск | Krasnoyarsk | Asia/Krasnoyarsk | 84 88 124
25 | Приморский край | Primorsky Krai | Владивосток | Vladivostok | Asia/Vladivostok | 125
26 | Ставропольский край | Stavropol Krai | Ставрополь | Stavropol | Europe/Moscow | 126
27 | Хабаровский край | Khabarovsk Krai | Хабаровск | Khabarovsk | Asia/Vladivostok |
28 | Амурская область | Amur Oblast | Благовещенск | Blagoveshchensk | Asia/Yakutsk |
29 | Архангельская область | Arkhangelsk Oblast | Архангельск | Arkhangelsk | Europe/Moscow |
30 | Астраханская область | Astrakhan Oblast | Астрахань | Astrakhan | Europe/Astrakhan |
31 | Белгородская область | Belgorod Oblast | Белгород | Belgorod | Europe/Moscow |
32 | Брянская область | Bryansk Oblast | Брянск | Bryansk | Europe/Moscow |
33 | Владимирская область | Vladimir Oblast | Владимир | Vladimir | Europe/Moscow |
34 | Волгоградская область | Volgograd Oblast | Волгоград | Volgograd | Europe/Volgograd | 134
35 | Вологодская область | Vologda Oblast | Вологда | Vologda | Europe/Moscow |
36 | Воронежская область | Voronezh Oblast | Воронеж | Voronezh | Europe/Moscow | 136
37 | Ивановская область | Ivanovo Oblast | Иваново | Ivanovo | Europe/Moscow |
38 | Иркутская область | Irkutsk Oblast | Иркутск | Irkutsk | Asia/Irkutsk | 85 138
39 | Калининградская область | Kaliningrad Oblast | Калининград | Kaliningrad | Europe/Kaliningrad |
40 | Калужская область | Kaluga Oblast | Калуга | Kaluga | Europe/Moscow |
41 | Камчатский край | Kamchatka Krai | Петропавловск-Камчатский | Petropavlovsk-Kamchatsky | Asia/Kamchatka | 82
42 | Кемеровская область — Кузбасс | Kemerovo Oblast — Kuzbass | Кемерово | Kemerovo | Asia/Novokuznetsk | 142
43 | Кировская область | Kirov Oblast | Киров | Kirov | Europe/Kirov |
44 | Костромская область | Kostroma Oblast | Кострома | Kostroma | Europe/Moscow |
45 | Курганская область | Kurgan Oblast | Курган | Kurgan | Asia/Yekaterinburg |
46 | Курская область | Kursk Oblast | Курск | Kursk | Europe/Moscow |
47 | Ленинградская область | Leningrad Oblast | Гатчина | Gatchina | Europe/Moscow | 147
48 | Липецкая область | Lipetsk Oblast | Липецк | Lipetsk | Europe/Moscow |
49 | Магаданская область | Magadan Oblast | Магадан | Magadan | Asia/Magadan |
50 | Московская область | Moscow Oblast | Красногорск | Krasnogorsk | Europe/Moscow | 90 150 190 250 550 750 790
51 | Мурманская область | Murmansk Oblast | Мурманск | Murmansk | Europe/Moscow |
52 | Нижегородская область | Nizhny Novgorod Oblast | Нижний Новгород | Nizhny Novgorod | Europe/Moscow | 152 252
53 | Новгородская область | Novgorod Oblast | Великий Новгород | Veliky Novgorod | Europe/Moscow |
54 | Новосибирская область | Novosibirsk Oblast | Новосибирск | Novosibirsk | Asia/Novosibirsk | 154
55 | Омская область | Omsk Oblast | Омск | Omsk | Asia/Omsk | 155
56 | Оренбургская область | Orenburg Oblast | Оренбург | Orenburg | Asia/Yekaterinburg | 156
57 | Орловская область | Oryol Oblast | Орёл | Oryol | Europe/Moscow |
58 | Пензенская область | Penza Oblast | Пенза | Penza | Europe/Moscow | 158
59 | Пермский край | Perm Krai | Пермь | Perm | Asia/Yekaterinburg | 81 159
60 | Псковская область | Pskov Oblast | Псков | Pskov | Europe/Moscow |
61 | Ростовская область | Rostov Oblast | Ростов-на-Дону | Rostov-on-Don | Europe/Moscow | 161 761
62 | Рязанская область | Ryazan Oblast | Рязань | Ryazan | Europe/Moscow |
63 | Самарская область | Samara Oblast | Самара | Samara | Europe/Samara | 163 763
64 | Саратовская область | Saratov Oblast | Саратов | Saratov | Europe/Saratov | 164
65 | Сахалинская область | Sakhalin Oblast | Южно-Сахалинск | Yuzhno-Sakhalinsk | Asia/Sakhalin |
66 | Свердловская область | Sverdlovsk Oblast | Екатеринбург | Yekaterinburg | Asia/Yekaterinburg | 96 196
67 | Смоленская область | Smolensk Oblast | Смоленск | Smolensk | Europe/Moscow |
68 | Тамбовская область | Tambov Oblast | Тамбов | Tambov | Europe/Moscow |
69 | Тверская область | Tver Oblast | Тверь | Tver | Europe/Moscow | 169
70 | Томская область | Tomsk Oblast | Томск | Tomsk | Asia/Tomsk |
71 | Тульская область | Tula Oblast | Тула | Tula | Europe/Moscow |
72 | Тюменская область | Tyumen Oblast | Тюмень | Tyumen | Asia/Yekaterinburg | 172
73 | Ульяновская область | Ulyanovsk Oblast | Ульяновск | Ulyanovsk | Europe/Ulyanovsk | 173
74 | Челябинская область | Chelyabinsk Oblast | Челябинск | Chelyabinsk | Asia/Yekaterinburg | 174 774
75 | Забайкальский край | Zabaykalsky Krai | Чита | Chita | Asia/Chita | 80
76 | Ярославская область | Yaroslavl Oblast | Ярославль | Yaroslavl | Europe/Moscow |
77 | Москва | Moscow | Москва | Moscow | Europe/Moscow | 97 99 177 197 199 777 797 799 977
78 | Санкт-Петербург | Saint Petersburg | Санкт-Петербург | Saint Petersburg | Europe/Moscow | 98 178 198
79 | Еврейская автономная область | Jewish Autonomous Oblast | Биробиджан | Birobidzhan | Asia/Vladivostok |
83 | Ненецкий автономный округ | Nenets Autonomous Okrug | Нарьян-Мар | Naryan-Mar | Europe/Moscow |
86 | Ханты-Мансийский автономный округ — Югра | Khanty-Mansi — Yugra | Ханты-Мансийск | Khanty-Mansiysk | Asia/Yekaterinburg | 186
87 | Чукотский автономный округ | Chukotka | Анадырь | Anadyr | Asia/Anadyr |
89 | Ямало-Ненецкий автономный округ | Yamalo-Nenets | Салехард | Salekhard | Asia/Yekaterinburg |
90 | Запорожская область | Zaporizhzhia Oblast | Мелитополь | Melitopol | Europe/Moscow | 85 185
91 | Республика Крым | Crimea | Симферополь | Simferopol | Europe/Simferopol | 82
92 | Севастополь | Sevastopol | Севастополь | Sevastopol | Europe/Simferopol |
93 | Донецкая Народная Республика | Donetsk People's Republic | Донецк | Donetsk | Europe/Moscow | 80 180
94 | Луганская Народная Республика | Luhansk People's Republic | Луганск | Luhansk | Europe/Moscow | 81 181
95 | Херсонская область | Kherson Oblast | Геническ | Henichesk | Europe/Moscow | 84 184
"""
