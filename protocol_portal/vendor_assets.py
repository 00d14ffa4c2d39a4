"""Copy the design systems' precompiled CSS and JavaScript to ``var/assets/vendor``. Standard library only.

``python -m protocol_portal.vendor_assets NODE_MODULES TARGET``. Left out on purpose: the GDS Transport font, the crown,
GOV.UK and Ministry of Justice logos and favicons, which are not ours to use.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

NOT_OURS = re.compile(r"(logo|crown|crest|favicon|apple-touch|opengraph)", re.IGNORECASE)
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
SOURCE_MAP = re.compile(r"\n?(//[#@] ?sourceMappingURL=\S+|/\*[#@] ?sourceMappingURL=.*?\*/)\s*")
FONT_STACK = "system-ui,-apple-system,Segoe UI,Roboto,Noto Sans,Arial"

FILES = {
    "govuk-frontend/dist/govuk/govuk-frontend.min.css": "govuk/govuk-frontend.min.css",
    "govuk-frontend/dist/govuk/govuk-frontend.min.js": "govuk/govuk-frontend.min.js",
    "@ministryofjustice/frontend/moj/moj-frontend.min.css": "moj/moj-frontend.min.css",
    "@ministryofjustice/frontend/moj/moj-frontend.min.js": "moj/moj-frontend.min.js",
    "accessible-autocomplete/dist/accessible-autocomplete.min.css": "accessible-autocomplete/accessible-autocomplete.min.css",
    "accessible-autocomplete/dist/accessible-autocomplete.min.js": "accessible-autocomplete/accessible-autocomplete.min.js",
}


def restyle(css: str, image_prefix: str) -> str:
    """Return ``css`` without web fonts and source maps, its images relative to the copied folder."""
    css = SOURCE_MAP.sub("\n", FONT_FACE.sub("", css))
    css = re.sub(r"url\([^)]*crest[^)]*\)", "none", css)
    css = re.sub(r"[\"']?GDS Transport[\"']?\s*,\s*arial", FONT_STACK, css, flags=re.IGNORECASE)
    return re.sub(r"url\(([\"']?)/?assets/images/", rf"url(\1{image_prefix}", css)


def copy(modules: Path, target: Path) -> int:
    """Copy what FILES names plus the casework icons; returns the number of files. Raises FileNotFoundError."""
    shutil.rmtree(target, ignore_errors=True)
    count = 0
    for source, name in FILES.items():
        text = (modules / source).read_text(encoding="utf-8")
        text = restyle(text, "images/") if name.endswith(".css") else SOURCE_MAP.sub("\n", text)
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text, encoding="utf-8")
        count += 1
    for icon in (modules / "@ministryofjustice/frontend/moj/assets/images").iterdir():
        if icon.is_file() and not NOT_OURS.search(icon.name):
            (target / "moj/images").mkdir(parents=True, exist_ok=True)
            shutil.copyfile(icon, target / "moj/images" / icon.name)
            count += 1
    return count


if __name__ == "__main__":
    print(f"copied {copy(Path(sys.argv[1]), Path(sys.argv[2]))} design-system files")
