"""The pages people open: the chat at ``/`` and the description of the API at ``/docs``; all files are our own."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from starlette.responses import FileResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
# Files are asked for anew each time and answered 304 when unchanged: after an update no phone mixes old and new.
REVALIDATE = {"Cache-Control": "no-cache"}


class Files(StaticFiles):
    """Static files that browsers must revalidate."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(REVALIDATE)
        return response


def page_router() -> APIRouter:
    """``/``, ``/docs``, ``/favicon.ico`` and everything under ``/static/``."""
    router = APIRouter(include_in_schema=False)
    _page(router, "/", "index.html")
    _page(router, "/docs", "docs.html")
    _page(router, "/favicon.ico", "favicon.svg")
    router.routes.append(Mount("/static", Files(directory=STATIC), name="static"))
    return router


def _page(router: APIRouter, path: str, file: str) -> None:
    async def serve() -> Response:
        return FileResponse(STATIC / file, headers=REVALIDATE)

    router.add_api_route(path, serve, methods=["GET", "HEAD"])
