"""The templates of messages: one in text and one in HTML, which escapes everything it is given."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


def rendered(name: str, **values: Any) -> tuple[str, str]:
    """`NAME.txt.j2` and `NAME.html.j2` with the same values. A value that is missing is a bug and raises."""
    text, html = (_environment().get_template(f"{name}.{ending}.j2").render(values) for ending in ("txt", "html"))
    return text.strip() + "\n", html.strip() + "\n"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=PackageLoader("monitor"),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
