"""HTML that e-mail programs show as it is meant: one table, all style on the elements, nothing loaded but pictures."""

import re
from html import escape

import css_inline

from channels.pieces import Piece

PAGE_WIDTH = 600
PADDING = 24
STYLE = f"""
body {{ margin: 0; padding: 0; background-color: #ffffff; }}
table {{ border-collapse: collapse; }}
.page {{ width: 100%; max-width: {PAGE_WIDTH}px; }}
.text {{ padding: {PADDING}px; color: #1f2933; }}
.text {{ font-family: Arial, Helvetica, sans-serif; font-size: 16px; line-height: 1.5; }}
h1, h2, h3, h4 {{ margin: 0 0 12px; line-height: 1.25; color: #111827; }}
p, ul, ol, blockquote {{ margin: 0 0 16px; }}
img {{ display: block; max-width: 100%; height: auto; border: 0; }}
figure {{ margin: 0 0 16px; }}
figcaption, small, footer {{ font-size: 13px; color: #52606d; }}
blockquote {{ padding-left: 16px; border-left: 3px solid #cbd2d9; }}
td, th {{ padding: 6px 10px; text-align: start; }}
a {{ color: #0b5cad; }}
.button {{
  display: inline-block; padding: 12px 24px; border-radius: 4px; background-color: #0b5cad; color: #ffffff;
  font-weight: bold; text-decoration: none;
}}
"""

_PICTURE = re.compile(r'(<img [^>]*)width="(\d+)" height="(\d+)"')  # as published bodies write it
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False)


def part(piece: Piece) -> str:
    """Return a part of a message: a headline is its title, a call to action a button, no picture is wider than it."""
    match piece.source:
        case "headline":
            return f"<h1>{piece.html.removeprefix('<p>').removesuffix('</p>')}</h1>"
        case "call_to_action":
            return piece.html.replace("<a ", '<a class="button" ', 1)
    return _PICTURE.sub(_within_the_page, piece.html)


def page(html: str, *, language: str, direction: str) -> str:
    """Return a whole page around published HTML; ``direction`` is ltr or rtl."""
    turned = f'lang="{escape(language)}" dir="{escape(direction)}"'
    return _INLINER.inline(
        f'<!DOCTYPE html><html {turned}><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f'<body><table role="presentation" class="page" align="center" width="{PAGE_WIDTH}"><tr>'
        f'<td class="text" {turned}>{html}</td></tr></table></body></html>'
    )


def _within_the_page(found: re.Match[str]) -> str:
    """Return a picture as it fits between the paddings; some programs know its attributes alone, and no style."""
    width, height = int(found[2]), int(found[3])
    most = PAGE_WIDTH - 2 * PADDING
    if width <= most:
        return found[0]
    return f'{found[1]}width="{most}" height="{max(1, round(height * most / width))}"'
