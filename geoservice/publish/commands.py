"""`geoservice situation-map`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from geoservice.publish.actions import situation_map
from geoservice.publish.catalog import load_layers
from geoservice.publish.permit import whole
from geoservice.terminal import at_work
from geoservice.whole_files import write_whole


def save_situation_map(
    file: Annotated[Path, typer.Argument(help="HTML 文件 · file")],
) -> None:
    """生成单文件态势图 · write the situation map: one HTML file that needs nothing else."""
    sights = [whole(layer) for layer in load_layers().values()]
    with at_work() as work:
        page = situation_map(work.conn, sights=sights, at=datetime.now(UTC))
    write_whole(file, page.encode())
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"{escape(str(file))}: {len(page.encode()) / 1e6:.1f} MB")


def add_to(app: typer.Typer) -> None:
    """Put the commands of this area into the command line."""
    app.command("situation-map")(save_situation_map)
