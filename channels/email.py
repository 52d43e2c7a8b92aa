"""HTML that e-mail programs show as it is meant: one table, all style on the elements, nothing loaded but pictures."""

from html import escape

import css_inline

STYLE = """
body { margin: 0; padding: 0; background-color: #ffffff; }
table { border-collapse: collapse; }
.page { width: 100%; max-width: 600px; }
.text { padding: 24px; font-family: Arial, Helvetica, sans-serif; font-size: 16px; line-height: 1.5; color: #1f2933; }
h1, h2, h3, h4 { margin: 0 0 12px; line-height: 1.25; color: #111827; }
p, ul, ol, blockquote { margin: 0 0 16px; }
img { display: block; max-width: 100%; height: auto; border: 0; }
figure { margin: 0 0 16px; }
figcaption, small, footer { font-size: 13px; color: #52606d; }
blockquote { padding-left: 16px; border-left: 3px solid #cbd2d9; }
td, th { padding: 6px 10px; text-align: start; }
a { color: #0b5cad; }
"""

_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False)


def page(html: str, *, language: str, direction: str) -> str:
    """Return a whole page around published HTML; ``direction`` is ltr or rtl."""
    turned = f'lang="{escape(language)}" dir="{escape(direction)}"'
    return _INLINER.inline(
        f'<!DOCTYPE html><html {turned}><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f'<body><table role="presentation" class="page" align="center" width="600"><tr>'
        f'<td class="text" {turned}>{html}</td></tr></table></body></html>'
    )
