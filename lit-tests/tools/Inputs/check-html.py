# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fails unless every element of an HTML file is closed in its parent.

usage: check-html.py PAGE.html
"""

import sys
from html.parser import HTMLParser


class Checker(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []
        self.count = 0

    def handle_starttag(self, tag, attributes):
        self.count += 1
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            sys.exit(f"line {self.getpos()[0]}: </{tag}> closes something else")


checker = Checker()
checker.feed(open(sys.argv[1]).read())
checker.close()
if checker.open or not checker.count:
    sys.exit(f"not closed: {checker.open}")
