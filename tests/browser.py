"""A headless chromium that tests drive by its own protocol: clicks, keys, touches, pictures."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import connect
from websockets.sync.connection import Connection

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

_FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
    "--disable-background-networking --disable-component-update --disable-extensions "
    "--hide-scrollbars --mute-audio --remote-debugging-port=0 --force-color-profile=srgb"
)
_KEYS = {" ": ("Space", 32), "ArrowLeft": ("ArrowLeft", 37), "ArrowRight": ("ArrowRight", 39)}


class Browser:
    """One page. `faults` are exceptions, errors of the console and blocked or failed loads."""

    def __init__(self, socket: Connection) -> None:
        self._socket = socket
        self._number = 0
        self.faults: list[str] = []
        self.requests: list[str] = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **values: Any) -> dict[str, Any]:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": values}))
        while True:
            message = json.loads(self._socket.recv(timeout=30))
            if message.get("id") == self._number:
                if "error" in message:
                    msg = f"{method}: {message['error']}"
                    raise RuntimeError(msg)
                return dict(message["result"])
            self._note(message)

    def _note(self, message: dict[str, Any]) -> None:
        name, values = message["method"], message["params"]
        if name == "Runtime.exceptionThrown":
            details = values["exceptionDetails"]
            self.faults.append(details.get("exception", {}).get("description", details["text"]))
        elif name == "Runtime.consoleAPICalled" and values["type"] in {"error", "warning"}:
            self.faults.append(str([arg.get("value") for arg in values["args"]]))
        elif name == "Log.entryAdded" and values["entry"]["level"] in {"error", "warning"}:
            self.faults.append(values["entry"]["text"])
        elif name == "Network.requestWillBeSent":
            self.requests.append(values["request"]["url"])

    def evaluate(self, code: str) -> Any:
        """The value of an expression; a promise is awaited."""
        answer = self.call(
            "Runtime.evaluate", expression=code, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def wait(self, code: str, seconds: float = 10.0) -> Any:
        """The value of an expression as soon as it is true."""
        end = time.monotonic() + seconds
        while not (value := self.evaluate(code)):
            if time.monotonic() > end:
                msg = f"not within {seconds} s: {code}"
                raise TimeoutError(msg)
            time.sleep(0.03)
        return value

    def open(self, address: str) -> None:
        # a link that differs only in its hash would not load the page again
        self.call("Page.navigate", url="about:blank")
        self.wait("location.href === 'about:blank' && document.readyState === 'complete'")
        self.call("Page.navigate", url=address)
        self.wait("location.href !== 'about:blank' && document.readyState === 'complete'")
        self.frames(2)

    def frames(self, count: int = 2) -> None:
        """Wait for some pictures of the page."""
        step = "new Promise((done) => requestAnimationFrame(done))"
        for _ in range(count):
            self.evaluate(step)

    def resize(self, width: int, height: int, *, ratio: float = 1.0, touch: bool = False) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=ratio,
            mobile=touch,
        )
        self.call("Emulation.setTouchEmulationEnabled", enabled=touch)

    def prefer(self, **features: str) -> None:
        """Media features, `_` for `-`: prefer(prefers_color_scheme="dark")."""
        told = [{"name": k.replace("_", "-"), "value": v} for k, v in features.items()]
        self.call("Emulation.setEmulatedMedia", features=told)

    def middle(self, selector: str) -> tuple[float, float]:
        x, y = self.evaluate(
            f"(() => {{ const r = document.querySelector({json.dumps(selector)})"
            ".getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        return x, y

    def click(self, selector: str) -> None:
        self.drag(self.middle(selector), [])

    def drag(self, start: tuple[float, float], path: list[tuple[float, float]]) -> None:
        """Press, go through some places, let go."""
        x, y = start
        self._mouse("mouseMoved", x, y)
        self._mouse("mousePressed", x, y, button="left", clickCount=1)
        for x, y in path:
            self._mouse("mouseMoved", x, y, button="left", buttons=1)
        self._mouse("mouseReleased", x, y, button="left", clickCount=1)
        self.frames(1)

    def wheel(self, place: tuple[float, float], amount: float) -> None:
        self._mouse("mouseWheel", *place, deltaX=0, deltaY=amount)
        self.frames(1)

    def _mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def touch(self, *steps: list[tuple[float, float]]) -> None:
        """Fingers: their places at the start, then where they move; then they are lifted."""
        for number, places in enumerate(steps):
            points = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(places)]
            kind = "touchMove" if number else "touchStart"
            self.call("Input.dispatchTouchEvent", type=kind, touchPoints=points)
        self.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
        self.frames(1)

    def press(self, key: str, *, shift: bool = False) -> None:
        code, number = _KEYS.get(key, (key, ord(key.upper()) if len(key) == 1 else 0))
        values = {"key": key, "code": code, "modifiers": 8 if shift else 0}
        if number:
            values["windowsVirtualKeyCode"] = number
        text = {"text": key} if len(key) == 1 else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **values, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **values)
        self.frames(1)

    def picture(self, path: Path) -> None:
        """Save what is seen as PNG."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))

    def downloads(self, folder: Path) -> None:
        """Keep what the page saves in a folder."""
        self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))


@contextmanager
def open_browser(profile: Path, *, width: int = 1200, height: int = 800) -> Iterator[Browser]:
    """A browser with an empty page; ended at the end."""
    port_file = profile / "DevToolsActivePort"
    place = [f"--user-data-dir={profile}", f"--window-size={width},{height}", "about:blank"]
    process = subprocess.Popen(
        [str(CHROMIUM), *_FLAGS.split(), *place],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + 30
        while not port_file.exists() or len(port_file.read_text().split()) < 2:
            if process.poll() is not None or time.monotonic() > end:
                msg = f"chromium did not start: {process.poll()}"
                raise RuntimeError(msg)
            time.sleep(0.05)
        with connect(_page_address(port_file), max_size=None) as socket:
            browser = Browser(socket)
            browser.resize(width, height)
            yield browser
    finally:
        process.terminate()
        process.wait(timeout=20)


def _page_address(port_file: Path) -> str:
    """The socket of the first page, asked for over the socket of the browser."""
    port, path = port_file.read_text().split()
    with connect(f"ws://127.0.0.1:{port}{path}") as socket:
        socket.send(json.dumps({"id": 1, "method": "Target.getTargets"}))
        while (message := json.loads(socket.recv(timeout=30))).get("id") != 1:
            pass
    pages = [t["targetId"] for t in message["result"]["targetInfos"] if t["type"] == "page"]
    return f"ws://127.0.0.1:{port}/devtools/page/{pages[0]}"
