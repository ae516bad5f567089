"""`geoservice serve`: port, database, migrations, first data, then the web server."""

import errno
import os
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from types import FrameType
from typing import NoReturn
from urllib.parse import urlsplit

import uvicorn
from uvicorn.supervisors import Multiprocess

from geoservice import db
from geoservice.accounts.first_start import (
    has_admin,
    one_time_link,
    set_up_link,
    write_demo_accounts,
)
from geoservice.accounts.records import DEMO_NAME
from geoservice.demo.actions import load_demo
from geoservice.demo.heights import lay_terrain
from geoservice.errors import SetupError
from geoservice.exports.spool import clear as clear_exports
from geoservice.malformed import Protocol
from geoservice.metrics.folder import begin_counting
from geoservice.migrate import migrate
from geoservice.server import running_database
from geoservice.settings import Settings, address
from geoservice.terminal import say

_READY_WITHIN_S = 60.0
_PORT_FREE_WITHIN_S = 2.0
_EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104  # compared, not bound


def serve(settings: Settings) -> None:
    """Serve until Ctrl-C or SIGTERM; then the web server and the private database stop.

    Raises
    ------
    SetupError
        The port is taken, or the database cannot be started or used.
    """
    signal.signal(signal.SIGTERM, _stop)
    with _listening(settings) as listening, running_database(settings, serving=True) as url:
        clear_exports(settings.home)
        for name in migrate(url):
            say(f"数据库迁移 · migrated: {name}")
        greeting = _first_data(settings, url)
        announcing = threading.Thread(target=_announce, args=(settings, greeting), daemon=True)
        announcing.start()
        _run(settings, url, listening)


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    """SIGTERM unwinds like Ctrl-C, so that the database stops cleanly too."""
    raise SystemExit(0)


def _listening(settings: Settings) -> socket.socket:
    """Take the port before anything else is started."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # The protocol is named, for asyncio sets TCP_NODELAY only where it is: without that, every
    # small answer on a kept connection waits 40 ms for a delayed acknowledgement.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        _bind(listening, settings)
        listening.listen(socket.SOMAXCONN)
    except OSError as error:
        listening.close()
        raise SetupError(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror}. "
            "Set GEOSERVICE_PORT to a free port, or stop the other program",
            zh=f"无法监听 {settings.host}:{settings.port}（{error.strerror}）。"
            "请用 GEOSERVICE_PORT 换一个端口，或停止占用它的程序",
            where="GEOSERVICE_PORT",
        ) from error
    listening.set_inheritable(True)
    return listening


def _bind(listening: socket.socket, settings: Settings) -> None:
    """Bind, waiting a moment for the workers of a service that was just killed to end."""
    until = time.monotonic() + _PORT_FREE_WITHIN_S
    while True:
        try:
            listening.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _first_data(settings: Settings, url: str) -> list[str]:
    """Load the demonstration district into an empty database; say how to come in."""
    now = datetime.now(UTC)
    lines: list[str] = []
    if urlsplit(settings.public_url).hostname in _EVERYWHERE:
        lines.append(
            "请用 GEOSERVICE_PUBLIC_URL 设置他人使用的地址 · "
            f"set GEOSERVICE_PUBLIC_URL to the address people use: links say {settings.public_url}"
        )
    with db.connect(url) as conn:
        db.set_actor(conn, "geoservice serve")
        if settings.demo and not db.DISTRICT_IS_SET.one(conn):
            say("载入演示行政区 · loading the demonstration district ...")
            load_demo(conn, now=now)
            lay_terrain(conn, home=settings.home)
            lines += write_demo_accounts(conn, settings.home)
        link = one_time_link(conn, DEMO_NAME, settings.public_url, at=now)
        if link is not None:
            lines.append(f"一次性登录链接（演示，全部角色） · one-time link, every role: {link}")
        elif not has_admin(conn):
            link = set_up_link(conn, settings.public_url, at=now)
            lines.append(f"一次性初始设置链接（建立首个管理员） · one-time set-up link: {link}")
    return lines


def _announce(settings: Settings, lines: list[str]) -> None:
    """Say the address once the service answers at it."""
    host = "127.0.0.1" if settings.host in _EVERYWHERE else settings.host
    # Never by the proxy of the environment: it does not know this machine's own addresses.
    here = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < until:
        try:
            here.open(f"{address(host, settings.port)}/healthz", timeout=1).close()
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.05)
            continue
        for line in lines:
            say(line)
        say(f"地图已就绪 · the map is served at: {settings.public_url}/   (Ctrl-C: 停止 · stop)")
        return


def _run(settings: Settings, url: str, listening: socket.socket) -> None:
    """Run one web server here, or a supervisor with several."""
    os.environ["GEOSERVICE_DATABASE_URL"] = url
    begin_counting(settings.home)
    config = uvicorn.Config(
        "geoservice.app:from_environment",
        factory=True,
        workers=settings.workers,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=20,
        server_header=False,
        http=Protocol,
    )
    if settings.workers == 1:
        uvicorn.Server(config).run(sockets=[listening])
    else:
        Multiprocess(config, sockets=[listening]).run()
