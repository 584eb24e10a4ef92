"""A headless browser, driven through its debugging pipe: what a page logs and requests, and how wide and long it is."""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from tools import tool

_PRINTED_WIDTH = 594.96 * 96 / 72 - 20 * 96 / 25.4
"""The width of A4 between margins of 10 mm, in CSS pixels, as the browser prints it."""
PATIENCE = 120
"""Seconds after which a browser that does not answer is given up."""


@dataclass
class Page:
    """The result of opening a page."""

    logged: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    width: int = 0
    overflowing: list[str] = field(default_factory=list)
    pdf: bytes = b""
    pages: int = 0
    """The number of printed pages."""
    measured: Any = None
    """The value of the expression that was asked for."""
    cut: list[str] = field(default_factory=list)
    """Elements that reach beyond their printed page."""


class Browser:
    """Chromium without a window, with a separate profile under `folder`."""

    def __init__(self, folder: Path) -> None:
        chromium = tool("chromium")
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        options = ["--headless", "--disable-gpu", "--no-sandbox", "--no-first-run", "--remote-debugging-pipe"]
        command = [chromium, *options, f"--user-data-dir={folder}", "about:blank"]
        # The browser expects the pipe at descriptors 3 and 4; ours may have any numbers.
        shell = f'exec 3<&{to_browser} 4>&{from_browser}; exec "$@"'
        self._process = subprocess.Popen(
            ["/bin/bash", "-c", shell, "browser", *command],
            pass_fds=(to_browser, from_browser),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._number, self._waiting, self._events = 0, b"", list[dict[str, Any]]()

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        os.close(self._write)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._read)

    def open(self, path: Path, width: int = 360, *, pdf: bool = False, measure: str = "") -> Page:
        """Open a file in a window of `width` pixels, and print it on A4 if asked; `measure` is an expression to evaluate."""
        target = self._ask("Target.createTarget", {"url": "about:blank"})["targetId"]
        session = self._ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        for domain in ("Log", "Runtime", "Network", "Page"):
            self._ask(f"{domain}.enable", {}, session)
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": True},
            session,
        )
        self._events.clear()
        self._ask("Page.navigate", {"url": path.as_uri()}, session)
        while not any(event.get("method") == "Page.loadEventFired" for event in self._events):
            self._events.append(self._message())
        page = Page()
        page.width = self._value("document.documentElement.scrollWidth", session)
        page.overflowing = self._value(
            "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > "
            f"{width} + 0.5 && !e.closest('svg')).map(e => e.outerHTML.slice(0, 100))",
            session,
        )
        if measure:
            page.measured = self._value(measure, session)
        if pdf:
            printed = self._ask(
                "Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True}, session
            )
            page.pdf = base64.b64decode(printed["data"])
        for event in self._events:
            message = json.dumps(event.get("params", {}))
            match event.get("method"):
                case "Runtime.consoleAPICalled" | "Runtime.exceptionThrown" | "Log.entryAdded":
                    page.logged.append(message)
                case "Network.requestWillBeSent":
                    page.requests.append(event["params"]["request"]["url"])
        self._ask("Target.closeTarget", {"targetId": target})
        return page

    def print_a4(self, path: Path) -> Page:
        """Print a file whose pages are elements of the class `page`, and find what reaches beyond its page."""
        target = self._ask("Target.createTarget", {"url": "about:blank"})["targetId"]
        session = self._ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        for domain in ("Log", "Runtime", "Network", "Page"):
            self._ask(f"{domain}.enable", {}, session)
        self._ask("Emulation.setEmulatedMedia", {"media": "print"}, session)
        self._events.clear()
        self._ask("Page.navigate", {"url": path.as_uri()}, session)
        while not any(event.get("method") == "Page.loadEventFired" for event in self._events):
            self._events.append(self._message())
        page = Page()
        page.cut = self._value(
            # A printed page of A4 without its margins of 10 mm, in whole printer's points.
            f"[...document.querySelectorAll('.page')].flatMap(p => {{ const box = p.getBoundingClientRect(); "
            f"if (box.width > {_PRINTED_WIDTH}) return [`the page, ${{box.width}}`]; return "
            "[...p.querySelectorAll('*')].filter(e => { const r = e.getBoundingClientRect(); return r.height > 0 && ("
            "r.bottom > box.bottom + 1 || r.right > box.right + 1 || r.left < box.left - 1 || "
            "(e.clientHeight > 0 && e.scrollHeight > e.clientHeight + 2 && getComputedStyle(e).display != 'inline'))})"
            ".map(e => e.outerHTML.slice(0, 100)) })",
            session,
        )
        printed = self._ask("Page.printToPDF", {"preferCSSPageSize": True}, session)
        page.pdf = base64.b64decode(printed["data"])
        page.pages = page.pdf.count(b"/Type /Page\n")
        for event in self._events:
            match event.get("method"):
                case "Runtime.consoleAPICalled" | "Runtime.exceptionThrown" | "Log.entryAdded":
                    page.logged.append(json.dumps(event.get("params", {})))
                case "Network.requestWillBeSent":
                    page.requests.append(event["params"]["request"]["url"])
        self._ask("Target.closeTarget", {"targetId": target})
        return page

    def _value(self, expression: str, session: str) -> Any:
        asked = {"expression": expression, "returnByValue": True}
        return self._ask("Runtime.evaluate", asked, session)["result"]["value"]

    def _ask(self, method: str, parameters: dict[str, Any], session: str = "") -> Any:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._message()
            if answer.get("id") == self._number:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]
            self._events.append(answer)

    def _message(self) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE
        while b"\0" not in self._waiting:
            ready, _, _ = select.select([self._read], [], [], max(end - time.monotonic(), 0))
            chunk = os.read(self._read, 1 << 20) if ready else b""
            assert chunk, "the browser does not answer"
            self._waiting += chunk
        first, _, self._waiting = self._waiting.partition(b"\0")
        message: dict[str, Any] = json.loads(first)
        return message
