"""The built wall: its page, which may change with every release, and its assets, whose names change with their content."""

import re
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from ccwall_web.door import exchange_link

BUILT = Path(__file__).parent / "static"
PAGES = (
    "/",
    "/health",
    "/practice",
    "/boards",
    "/edit",
    "/team",
    "/seats",
    "/rota",
    "/duty",
    "/breaks",
    "/me",
    "/patrol",
    "/people",
    "/alerts",
    "/cases",
)
"""Where the one page is served; it finds by its own address what to show."""
HASHED = re.compile(r"[.-][A-Za-z0-9_-]{8,}\.[a-z0-9]+$")
FOR_EVER = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"
MEDIA = {".js": "text/javascript", ".webmanifest": "application/manifest+json"}
"""What not every system's own table says right; a browser takes no service worker of another type."""

NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>ccwall</title>
<h1>The wall is not built</h1>
<p>The server works (<a href="/healthz">healthz</a>, <a href="/api/v1/openapi.json">its interface</a>),
but this checkout has no built page. In the checkout run</p>
<pre>make web</pre>
<p>and load this page again. A package installed with pip has the page inside.</p>
<p lang="zh-CN">页面尚未构建：请在源码目录运行 <code>make web</code>，然后刷新本页。</p>
<p lang="zh-TW">頁面尚未建置：請在原始碼目錄執行 <code>make web</code>，然後重新整理本頁。</p>
</html>
"""


class Assets(StaticFiles):
    """Files whose names carry a hash of their content never change; the others are asked for each time."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, check_dir=False)
        self.config_checked = True  # a folder that is missing yet is a wall that is not built yet

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code in {200, 304}:
            response.headers["cache-control"] = FOR_EVER if HASHED.search(path) else ASK_EACH_TIME
        return response


def install(app: FastAPI, folder: Path) -> None:
    """Serve the page at / and at each of PAGES, its assets under /assets, and the few files beside the page (icons, manifest, service worker) by their names."""
    router = APIRouter(include_in_schema=False)

    async def page(request: Request) -> Response:
        exchanged = await exchange_link(request)
        if exchanged is not None:
            return exchanged
        index = folder / "index.html"
        if not index.is_file():
            return HTMLResponse(NOT_BUILT, 503)
        return FileResponse(index, headers={"cache-control": ASK_EACH_TIME})

    for path in PAGES:
        router.add_api_route(path, page, methods=["GET", "HEAD"])

    @router.api_route("/{name}", methods=["GET", "HEAD"])
    def beside(name: str) -> Response:
        # Compared with what lies there, so that no name can lead out of the folder.
        for file in folder.glob("*"):
            if file.name == name and file.is_file() and name != "index.html":
                kind = MEDIA.get(file.suffix)
                return FileResponse(file, headers={"cache-control": ASK_EACH_TIME}, media_type=kind)
        raise HTTPException(404, f"There is no {name} here.")

    app.mount("/assets", Assets(folder / "assets"), name="assets")
    app.include_router(router)
