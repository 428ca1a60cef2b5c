"""Identifiers and other typed values: each parses, then exists. Nothing is checked twice.

`Kind.parse(raw)` gives a value or raises the kind's own `InvalidValue`; `MESSAGE_KEYS` is every key that any of them
has.
"""

from collections.abc import Mapping
from typing import Final

from .address import ADDRESS_KEYS, Address
from .birth_certificate import BIRTH_CERTIFICATE_KEYS, BirthCertificate
from .birth_date import BIRTH_DATE_KEYS, BirthDate
from .department_code import DEPARTMENT_CODE_KEYS, DepartmentCode
from .email import EMAIL_KEYS, Email
from .errors import (
    InvalidAddress,
    InvalidBirthCertificate,
    InvalidBirthDate,
    InvalidDate,
    InvalidDepartmentCode,
    InvalidEmail,
    InvalidIcd10,
    InvalidInn,
    InvalidName,
    InvalidOneTimeCode,
    InvalidPassport,
    InvalidPassportIssue,
    InvalidPassportIssuer,
    InvalidPhone,
    InvalidPolicy,
    InvalidSex,
    InvalidSnils,
    InvalidValue,
)
from .full_name import NAME_KEYS, FullName
from .icd10 import ICD10_KEYS, Icd10
from .inn import INN_KEYS, Inn
from .one_time_code import ONE_TIME_CODE_KEYS, OneTimeCode
from .passport_issue import PASSPORT_ISSUE_KEYS, PassportIssue, replacement_overdue, series_year_mismatch
from .passport_issuer import PASSPORT_ISSUER_KEYS, PassportIssuer
from .passport_number import PASSPORT_KEYS, PassportNumber
from .phone import PHONE_KEYS, Phone
from .policy import POLICY_KEYS, PolicyKind, PolicyNumber
from .sex import SEX_KEYS, Sex
from .snils import SNILS_KEYS, SNILS_SYSTEM, Snils
from .value import Discreet, Identifier

MESSAGE_KEYS: Final[Mapping[str, frozenset[str]]] = {
    **SNILS_KEYS,
    **INN_KEYS,
    **POLICY_KEYS,
    **PASSPORT_KEYS,
    **DEPARTMENT_CODE_KEYS,
    **PASSPORT_ISSUE_KEYS,
    **PASSPORT_ISSUER_KEYS,
    **BIRTH_CERTIFICATE_KEYS,
    **PHONE_KEYS,
    **EMAIL_KEYS,
    **NAME_KEYS,
    **BIRTH_DATE_KEYS,
    **ADDRESS_KEYS,
    **ICD10_KEYS,
    **SEX_KEYS,
    **ONE_TIME_CODE_KEYS,
}
"""Every message key of the kinds, with the names of the parameters that its text may use."""

__all__ = [
    "ADDRESS_KEYS",
    "BIRTH_CERTIFICATE_KEYS",
    "BIRTH_DATE_KEYS",
    "DEPARTMENT_CODE_KEYS",
    "EMAIL_KEYS",
    "ICD10_KEYS",
    "INN_KEYS",
    "MESSAGE_KEYS",
    "NAME_KEYS",
    "ONE_TIME_CODE_KEYS",
    "PASSPORT_ISSUER_KEYS",
    "PASSPORT_ISSUE_KEYS",
    "PASSPORT_KEYS",
    "PHONE_KEYS",
    "POLICY_KEYS",
    "SEX_KEYS",
    "SNILS_KEYS",
    "SNILS_SYSTEM",
    "Address",
    "BirthCertificate",
    "BirthDate",
    "DepartmentCode",
    "Discreet",
    "Email",
    "FullName",
    "Icd10",
    "Identifier",
    "Inn",
    "InvalidAddress",
    "InvalidBirthCertificate",
    "InvalidBirthDate",
    "InvalidDate",
    "InvalidDepartmentCode",
    "InvalidEmail",
    "InvalidIcd10",
    "InvalidInn",
    "InvalidName",
    "InvalidOneTimeCode",
    "InvalidPassport",
    "InvalidPassportIssue",
    "InvalidPassportIssuer",
    "InvalidPhone",
    "InvalidPolicy",
    "InvalidSex",
    "InvalidSnils",
    "InvalidValue",
    "OneTimeCode",
    "PassportIssue",
    "PassportIssuer",
    "PassportNumber",
    "Phone",
    "PolicyKind",
    "PolicyNumber",
    "Sex",
    "Snils",
    "replacement_overdue",
    "series_year_mismatch",
]
