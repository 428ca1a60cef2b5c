"""PDF: what can be seen on its pages is copied into a new file; scripts, actions, forms and attachments stay behind."""

from io import BytesIO

import pikepdf
from pikepdf import Object, ObjectStreamMode, Pdf, Stream, StreamDecodeLevel

from core.domain.document import MAX_PAGES, BadFile

MEGABYTE = 1024 * 1024

# Process-wide and set before any thread reads a PDF. Without them 1.4 MB of PDF took 2 GB of memory.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=64 * MEGABYTE,
    run_length_max_memory=64 * MEGABYTE,
    png_max_memory=64 * MEGABYTE,
    tiff_max_memory=64 * MEGABYTE,
    dct_max_memory=64 * MEGABYTE,
    parser_max_container_size=200_000,
    max_stream_filters=4,
)

PAGE = frozenset(
    {"/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Contents", "/Rotate", "/Group", "/UserUnit"}
)
"""All that a page keeps; what is not here (actions, annotations, attachments, private data) goes."""

STREAM = ("/F", "/FFilter", "/FDecodeParms", "/AF", "/Metadata", "/PieceInfo", "/OPI", "/Ref")
"""What a stream may not have: contents in outside files, attachments, private data."""

DAMAGED = (pikepdf.PdfError, pikepdf.PikepdfError, RuntimeError, ValueError, TypeError, LookupError, AttributeError)


def rewritten_pdf(content: bytes) -> tuple[bytes, int]:
    """Return the clean file and how many pages it has; raises BadFile."""
    # A cut-off file would be mended by leaving pages out, and nobody would notice.
    if b"%%EOF" not in content:
        raise BadFile("document.broken")
    try:
        with Pdf.open(BytesIO(content), suppress_warnings=True) as source, Pdf.new() as clean:
            pages = _counted(source)
            source.flatten_annotations("all")
            clean.pages.extend(source.pages)
            for page in clean.pages:
                for key in set(page.obj.keys()) - PAGE:
                    del page.obj[key]
            for thing in clean.objects:
                _strip(thing)
            out = BytesIO()
            # Streams are copied as they are: unpacking them here would only give bombs a chance.
            clean.save(
                out,
                object_stream_mode=ObjectStreamMode.disable,
                compress_streams=False,
                stream_decode_level=StreamDecodeLevel.none,
                deterministic_id=True,
            )
            return out.getvalue(), pages
    except pikepdf.PasswordError as error:
        raise BadFile("document.encrypted") from error
    except DAMAGED as error:
        raise BadFile("document.broken") from error


def _counted(source: Pdf) -> int:
    pages = len(source.pages)
    if pages == 0:
        raise BadFile("document.no_pages")
    if pages > MAX_PAGES:
        raise BadFile("document.too_many_pages", {"limit": str(MAX_PAGES)})
    return pages


def _strip(thing: Object) -> None:
    if isinstance(thing, Stream):
        for key in STREAM:
            if key in thing:
                del thing[key]
