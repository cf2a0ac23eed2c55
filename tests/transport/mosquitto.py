"""A real broker, Debian's mosquitto, as an ordinary user on a port of its own."""

import asyncio
import os
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

CERTIFICATES = Path(__file__).parent / "certificates"
BROKER = "/usr/sbin/mosquitto"


class Mosquitto:
    """`async with Mosquitto(folder) as broker`. With `users` nobody else gets in; with `tls` it speaks nothing else. What it
    keeps outlives a `kill` by SIGTERM."""

    def __init__(
        self, folder: Path, *, users: dict[str, str] | None = None, tls: str = "", acl: str = ""
    ) -> None:
        self._folder, self._tls = folder, tls
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        lines = [
            f"listener {self.port} 127.0.0.1",
            f"allow_anonymous {'false' if users else 'true'}",
            "persistence true",
            f"persistence_location {folder}/",
            "log_type none",
        ]
        if os.getuid() == 0:  # or it becomes somebody who cannot read the folder
            lines.append("user root")
        if users:
            passwords = folder / "passwords"
            passwords.write_text(
                "".join(f"{name}:{word}\n" for name, word in users.items()), encoding="utf-8"
            )
            passwords.chmod(0o600)
            subprocess.run(["/usr/bin/mosquitto_passwd", "-U", str(passwords)], check=True)
            lines.append(f"password_file {passwords}")
        if acl:
            (folder / "acl").write_text(acl, encoding="utf-8")
            lines.append(f"acl_file {folder / 'acl'}")
        if tls:
            lines += [f"{what} {CERTIFICATES / tls}" for what in ("certfile", "keyfile")]
        (folder / "mosquitto.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"mqtt{'s' if self._tls else ''}://localhost:{self.port}"

    async def __aenter__(self) -> "Mosquitto":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            BROKER,
            "-c",
            str(self._folder / "mosquitto.conf"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        async with asyncio.timeout(20):
            while True:
                assert self._process.returncode is None, "mosquitto ended at once"
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                except OSError:
                    await asyncio.sleep(0.01)
                    continue
                writer.close()
                with suppress(OSError):
                    await writer.wait_closed()
                return

    async def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)
                process.send_signal(how)
            await process.wait()

    def freeze(self) -> None:
        """It is there, and says nothing more."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on as if nothing had been."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGCONT)
