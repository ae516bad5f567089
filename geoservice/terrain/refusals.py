"""Why files of heights are refused; each says what would be right. Pure."""

from geoservice.datum import local_datum
from geoservice.errors import DatumError, FileError, InputError, OutsideDistrictError
from geoservice.terrain.records import HEIGHT_DATUMS, HeightDatum

# The lowest land is the shore of the Dead Sea (-430 m), the highest Everest (8,849 m).
LEAST_M, MOST_M = -500.0, 9000.0
MOST_CELLS = 1_000_000_000


def height_datum_named(name: str) -> HeightDatum:
    """Return the height datum of that name, letter case aside.

    Raises
    ------
    DatumError
        It is none of `HEIGHT_DATUMS`.
    """
    for datum in HEIGHT_DATUMS:
        if name.casefold() == datum.casefold():
            return datum
    raise DatumError(
        f"unknown height datum {name!r}: one of {', '.join(HEIGHT_DATUMS)} is needed",
        zh=f"未知高程基准 {name!r}：须为 {'、'.join(HEIGHT_DATUMS)} 之一（1985、1956 指黄海高程）",
        where="datum",
    )


def not_a_dem(file: str, why: str) -> FileError:
    """Return the refusal of what is neither HGT nor GeoTIFF."""
    return FileError(
        f"{file}: neither GeoTIFF nor HGT that can be read (an HGT file is named like "
        f"N36E113.hgt, or N36E113.hgt.zip): {why}",
        zh=f"{file}：不是可读取的 GeoTIFF 或 HGT 文件（HGT 文件名应形如 N36E113.hgt 或 "
        f"N36E113.hgt.zip）：{why}",
        where=file,
    )


def no_crs(file: str) -> DatumError:
    """Return the refusal of a raster that does not say where it is."""
    return DatumError(
        f"{file}: has no coordinate system: write it into the file first (gdal_edit.py -a_srs)",
        zh=f"{file}：没有坐标系，请先写入（gdal_edit.py -a_srs）",
        where=file,
    )


def other_ellipsoid(file: str, name: str) -> DatumError:
    """Return the refusal of a horizontal datum that is not CGCS2000 to within centimetres."""
    refused = local_datum(f"{file} ({name})")
    refused.where = file
    return refused


def not_metres(file: str, unit: str) -> InputError:
    """Return the refusal of heights that are said to be in another unit."""
    return InputError(
        f"{file}: its heights are in {unit}: convert them to metres first",
        zh=f"{file}：高程单位为 {unit}，请先换算为米",
        where=file,
    )


def other_height_datum(file: str, said: str, asked: str) -> DatumError:
    """Return the refusal of a height datum other than the file's own."""
    return DatumError(
        f"{file}: the file says that its heights are {said}, not {asked}: heights of two datums "
        "differ by metres",
        zh=f"{file}：文件注明高程基准为 {said}，而不是 {asked}；不同基准的高程可相差数米",
        where="datum",
    )


def masked(file: str) -> FileError:
    """Return the refusal of a raster that tells its voids by a mask."""
    return FileError(
        f"{file}: marks voids by a mask: give them a value instead "
        "(gdal_translate -a_nodata, or gdalwarp -dstnodata)",
        zh=f"{file}：用掩膜表示空洞，请改为无数据值"
        "（gdal_translate -a_nodata 或 gdalwarp -dstnodata）",
        where=file,
    )


def several_bands(file: str, count: int) -> FileError:
    """Return the refusal of a picture, or of heights beside something else."""
    return FileError(
        f"{file}: has {count} bands: give the heights alone (gdal_translate -b 1)",
        zh=f"{file}：有 {count} 个波段，请只保留高程（gdal_translate -b 1）",
        where=file,
    )


def scaled(file: str) -> FileError:
    """Return the refusal of numbers that become heights only by a scale or an offset."""
    return FileError(
        f"{file}: its numbers are scaled: write the heights themselves (gdal_translate -unscale)",
        zh=f"{file}：数值带有比例或偏移，请换算为实际高程（gdal_translate -unscale）",
        where=file,
    )


def rotated(file: str) -> FileError:
    """Return the refusal of a raster that is not north up."""
    return FileError(
        f"{file}: is rotated or not north up: gdalwarp it first",
        zh=f"{file}：栅格有旋转或不是正北朝上，请先用 gdalwarp 处理",
        where=file,
    )


def implausible(least_m: float, most_m: float) -> InputError:
    """Return the refusal of heights that no land has."""
    return InputError(
        f"heights from {least_m:.0f} to {most_m:.0f}: no land lies so in metres "
        f"({LEAST_M:.0f} to {MOST_M:.0f}). Are they in feet or decimetres, or is a value for "
        "'no height' not declared as nodata?",
        zh=f"高程范围 {least_m:.0f} 至 {most_m:.0f}，以米计不合理（应在 {LEAST_M:.0f} 至 "
        f"{MOST_M:.0f} 之间）：单位是否为英尺或分米，或无数据值未在文件中声明？",
    )


def elsewhere(bounds: tuple[float, ...]) -> OutsideDistrictError:
    """Return the refusal of terrain that the district has no part in; degrees W S E N."""
    where = " ".join(f"{v:.3f}" for v in bounds)
    return OutsideDistrictError(
        f"the heights cover {where} (W S E N), no part of the district",
        zh=f"高程数据范围为 {where}（西南东北），与本行政区没有重叠",
    )


def no_heights() -> InputError:
    """Return the refusal of terrain without a single height."""
    return InputError("the files hold no height at all", zh="文件中没有任何有效高程")


def too_many_cells(rows: int, cols: int, cell_m: float) -> InputError:
    """Return the refusal of a raster larger than is worked with."""
    fits_m = cell_m * (rows * cols / MOST_CELLS) ** 0.5
    return InputError(
        f"{rows} x {cols} cells of {cell_m:g} m are more than {MOST_CELLS}: "
        f"give fewer tiles, or --cell {fits_m:.1f} or more",
        zh=f"{rows} x {cols} 个 {cell_m:g} 米格网，超过上限 {MOST_CELLS}：请减少图幅，"
        f"或用 --cell {fits_m:.1f} 以上",
        where="cell",
    )
