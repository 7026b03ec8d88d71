#!/usr/bin/env python3
"""The code in a document is code that is built: quotes.py DOCUMENT...

A block after `<!-- from: PATH -->` must stand in that file of the repository letter by letter. Exit 1 when one does not, or when a
document quotes nothing.
"""
import pathlib
import re
import sys

QUOTE = re.compile(r"^<!-- from: (?P<path>\S+) -->\n```\w*\n(?P<code>.*?)^```$", re.S | re.M)
ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    problems = []
    for document in sys.argv[1:]:
        text = pathlib.Path(document).read_text()
        quotes = list(QUOTE.finditer(text))
        if not quotes or len(quotes) != text.count("<!-- from: "):
            problems.append(f"{document}: a quote is missing its block")
        for quote in quotes:
            if quote["code"].rstrip("\n") not in (ROOT / quote["path"]).read_text():
                line = text.count("\n", 0, quote.start()) + 1
                problems.append(f"{document}:{line}: not in {quote['path']}")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
