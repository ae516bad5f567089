"""Print a book: what `printing.py` asks on standard input, the PDF on standard output."""

import json
import os
import sys

from pydantic import TypeAdapter

from geoservice.book.fonts import chinese_font
from geoservice.book.paper import pdf_of
from geoservice.book.printing import NO_FONT
from geoservice.book.volume import Volume
from geoservice.errors import NoPdfError


def main() -> int:
    """Print it; the exit status says whether there was a font."""
    os.nice(10)  # whoever asks for an answer goes first
    volume = TypeAdapter(Volume).validate_json(sys.stdin.buffer.read())
    try:
        face = chinese_font()
    except NoPdfError as error:
        sys.stderr.write(json.dumps({"message": error.message, "zh": error.zh}))
        return NO_FONT
    sys.stdout.buffer.write(pdf_of(volume, face))
    return 0


if __name__ == "__main__":
    sys.exit(main())
