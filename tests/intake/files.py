"""Files as people upload them, good and bad, made here to the byte."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Sequence
from io import BytesIO

import docx
import pypdf


def pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """A PDF of pages of lines in Helvetica. A line may begin with a size: “18|A heading”; an empty one leaves a gap."""
    streams = []
    for page in pages:
        drawn, y = [], 760
        for line in page:
            size, bar, text = line.partition("|")
            if not (bar and size.isdecimal()):
                size, text = "11", line
            if text:
                shown = text.replace("•", "\x95").encode("latin-1").replace(b"(", rb"\(").replace(b")", rb"\)")
                drawn.append(b"BT /F1 %s Tf 1 0 0 1 72 %d Tm (%s) Tj ET" % (size.encode(), y, shown))
            y -= 14
        streams.append(b"\n".join(drawn))
    return _pdf_of(streams, b"/Font << /F1 3 0 R >>", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica "
                   b"/Encoding /WinAnsiEncoding >>")  # fmt: skip


def scanned_pdf(pages: int = 2) -> bytes:
    """A PDF whose pages are pictures of text."""
    grey = zlib.compress(bytes(range(256)) * 4)
    picture = (
        b"<< /Type /XObject /Subtype /Image /Width 32 /Height 32 /ColorSpace /DeviceGray /BitsPerComponent 8 "
        b"/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(grey), grey)
    )
    return _pdf_of([b"q 500 0 0 700 50 50 cm /P Do Q"] * pages, b"/XObject << /P 3 0 R >>", picture)


def locked_pdf() -> bytes:
    writer = pypdf.PdfWriter(BytesIO(pdf([["Some text that nobody may read."]])))
    writer.encrypt("a password", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _pdf_of(streams: Sequence[bytes], resources: bytes, resource: bytes) -> bytes:
    first = 4
    kids = b" ".join(b"%d 0 R" % (first + 2 * i) for i in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(streams)),
        resource,
    ]
    for i, stream in enumerate(streams):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << %s >> /Contents %d 0 R >>"
            % (resources, first + 2 * i + 1)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)


def word(*blocks: str) -> bytes:
    """A DOCX of paragraphs; “# ” makes a heading, “- ” a bullet."""
    document = docx.Document()
    for block in blocks:
        if block.startswith("# "):
            document.add_heading(block[2:])
        elif block.startswith("- "):
            document.add_paragraph(block[2:], style="List Bullet")
        else:
            document.add_paragraph(block)
    return saved(document)


def saved(document) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def with_member(data: bytes, name: str, content: bytes) -> bytes:
    """A zip with one member put in, or in the place of another."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, content)
    return out.getvalue()


def with_a_lie_about_its_size(data: bytes, name: str) -> bytes:
    """A zip that says of a member that it unpacks to ten bytes."""
    changed = bytearray(data)
    place = data.rindex(name.encode())  # in the table at the end
    struct.pack_into("<I", changed, place - 46 + 24, 10)
    return bytes(changed)
