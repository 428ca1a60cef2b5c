"""PDF uploads: the pages stay, whatever acts goes, traps are stopped."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, AttachedFileSpec, Dictionary, Encryption, Name, Pdf, Stream, String

from core.domain.document import BadFile
from core.gateways.inspector import inspected

from .samples import HTML, pdf, plain, reason


def test_a_pdf_keeps_its_pages_and_their_words() -> None:
    found = inspected(pdf(3))
    assert found.pages == 3
    with Pdf.open(BytesIO(found.content)) as again:
        words = [page.obj.Contents.read_bytes() for page in again.pages]
        assert [b"(page %d)" % number in said for number, said in enumerate(words)] == [True] * 3
        assert again.pages[2].obj.Resources.Font.F1.BaseFont == Name.Courier


def armed() -> bytes:
    """A PDF with about everything that a PDF can do to its reader."""
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert('boo')"))
    with plain(2) as made:
        root, page = made.Root, made.pages[0].obj
        made.attachments["evil.exe"] = AttachedFileSpec(made, b"MZ evil", filename="evil.exe")
        root.Names.JavaScript = Dictionary(Names=Array([String("a"), made.make_indirect(script)]))
        root.OpenAction = Dictionary(S=Name.Launch, F=String("cmd.exe"), Next=script)
        root.AA = Dictionary(WC=script)
        root.AcroForm = Dictionary(Fields=Array(), XFA=Stream(made, b"<xdp>evil</xdp>"), AA=Dictionary(K=script))
        root.Metadata = Stream(made, b"<x>written by Anna</x>")
        page.AA = Dictionary(O=script)
        page.PieceInfo = Dictionary(Secret=Stream(made, b"private notes"))
        rectangle = Array([0, 0, 100, 100])
        page.Annots = Array(
            [
                Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=rectangle, A=script),
                Dictionary(
                    Type=Name.Annot,
                    Subtype=Name.Link,
                    Rect=rectangle,
                    A=Dictionary(S=Name.URI, URI=String("http://evil.test")),
                ),
                Dictionary(
                    Type=Name.Annot, Subtype=Name.RichMedia, Rect=rectangle, RichMediaContent=Stream(made, b"SWF evil")
                ),
            ]
        )
        page.Contents = Array(
            [page.Contents, Stream(made, b"", F=String("/etc/passwd"), Metadata=Stream(made, b"Anna"))]
        )
        made.docinfo["/Author"] = "Anna"
        out = BytesIO()
        made.save(out, compress_streams=False)
        return out.getvalue()


def test_a_pdf_comes_out_without_scripts_actions_forms_attachments_or_authors() -> None:
    content = armed()
    for trace in (b"boo", b"cmd.exe", b"MZ evil", b"SWF evil", b"private notes", b"Anna"):
        assert trace in content
    found = inspected(content)
    assert found.pages == 2
    traces = [
        b"JavaScript",
        b"/JS",
        b"Launch",
        b"/AA",
        b"OpenAction",
        b"EmbeddedFile",
        b"XFA",
        b"AcroForm",
        b"evil",
        b"boo",
    ]
    traces += [b"cmd.exe", b"Anna", b"private notes", b"RichMedia", b"/Annots", b"/URI", b"passwd", b"/Metadata"]
    assert [trace for trace in traces if trace in found.content] == []
    assert b"(page 0)" in found.content


def test_what_a_person_filled_in_or_stamped_on_a_pdf_stays_visible() -> None:
    with plain() as made:
        look = Stream(made, b"BT (stamped) Tj ET", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 50, 20]))
        stamp = Dictionary(
            Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([10, 10, 60, 30]), F=4, AP=Dictionary(N=look)
        )
        made.pages[0].obj.Annots = Array([made.make_indirect(stamp)])
        out = BytesIO()
        made.save(out, compress_streams=False)
    found = inspected(out.getvalue()).content
    assert b"(stamped)" in found
    assert b"/Annots" not in found


def test_an_archive_behind_a_pdf_is_gone() -> None:
    found = inspected(pdf() + b"PK\x03\x04archive")
    assert b"archive" not in found.content


def test_a_pdf_that_asks_for_a_password_is_refused_and_one_that_only_forbids_printing_is_not() -> None:
    assert reason(pdf(encryption=Encryption(user="secret", owner="owner"))) == ("document.encrypted", {})
    found = inspected(pdf(encryption=Encryption(user="", owner="owner")))
    assert b"/Encrypt" not in found.content


def test_pages_are_counted() -> None:
    assert inspected(pdf(20)).pages == 20
    assert reason(pdf(21)) == ("document.too_many_pages", {"limit": "20"})
    assert reason(pdf(0)) == ("document.no_pages", {})


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_a_cut_off_pdf_is_broken(share: float) -> None:
    content = pdf(3)
    assert reason(content[: int(len(content) * share)]) == ("document.broken", {})


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n%%EOF", b"%PDF-1.7\n" + HTML + b"%%EOF", b"%PDF-" + bytes(1000) + b"%%EOF"]
)
def test_what_only_begins_like_a_pdf_is_broken(content: bytes) -> None:
    assert reason(content) == ("document.broken", {})


def test_a_pdf_that_would_fill_the_memory_is_stopped() -> None:
    squeezer = zlib.compressobj(9)
    packed = squeezer.compress(b"10 0 " + b"null".ljust(5))
    packed += b"".join(squeezer.compress(bytes(1_000_000)) for _ in range(200)) + squeezer.flush()
    body = b"%PDF-1.5\n"
    places = []
    for number, thing in enumerate([
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 6 0 R>>",
        b"<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
    ], start=1):  # fmt: skip
        places.append(len(body))
        body += b"%d 0 obj%s\nendobj\n" % (number, thing)
    rows = b"".join(struct.pack(">BIH", 1, place, 0) for place in [*places, len(body)])
    table = zlib.compress(struct.pack(">BIH", 0, 0, 65535) + rows + struct.pack(">BIH", 2, 4, 0))
    head = b"5 0 obj<</Type/XRef/Size 7/W[1 4 2]/Root 1 0 R/Filter/FlateDecode/Length %d>>stream\n" % len(table)
    bomb = body + head + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % len(body)
    assert pikepdf.settings.get_qpdf_limits()["flate_max_memory"] == 64 * 1024 * 1024
    with suppress(BadFile):
        assert len(inspected(bomb).content) < 10_000
