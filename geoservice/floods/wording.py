"""The sentences of floods, in both languages (pure)."""

from geoservice.texts import Text

LAYERS = {
    "settlements": (Text(zh="居民点", en="settlements"), Text(zh="人口", en="people")),
    "shelters": (Text(zh="避难场所", en="shelters"), Text(zh="容纳人数", en="places")),
    "depots": (Text(zh="储备点", en="depots"), None),
    "rescue_teams": (Text(zh="救援队伍", en="rescue teams"), Text(zh="人员", en="people")),
    "fire_stations": (Text(zh="消防站", en="fire stations"), Text(zh="车辆", en="vehicles")),
    "town_stations": (Text(zh="乡镇应急站", en="town stations"), Text(zh="人员", en="people")),
    "command_posts": (Text(zh="指挥部", en="command posts"), None),
    "hazard_sources": (Text(zh="危险源", en="hazard sources"), None),
    "flash_villages": (Text(zh="山洪灾害村", en="flash-flood villages"), None),
    "sensors": (Text(zh="传感器", en="sensors"), None),
    "mines": (Text(zh="煤矿（主井口）", en="mines, by their main shaft"), None),
}


def screening() -> Text:
    """Say that an extent was worked out here."""
    return Text(
        zh="筛查结果，由本系统按水位与地形推算，不是官方成果",
        en="a screening, worked out from levels and terrain: not official",
    )


def imported() -> Text:
    """Say that an extent was brought in without an official document."""
    return Text(
        zh="导入的范围，未附官方成果文件，按筛查对待",
        en="brought in from a file without an official document: counts as a screening",
    )


def drawn() -> Text:
    """Say that an extent was drawn."""
    return Text(zh="手绘范围，仅供研判", en="a drawn extent, for weighing only")


def no_grade_table() -> Text:
    """Say that the grades are of a table that nobody verified."""
    return Text(
        zh="危险等级按未核实的参数表（flood_grades）",
        en="grades by a table that is not verified (flood_grades)",
    )


def unknown_area(area_ha: float) -> Text:
    """Say how much of the area has no heights."""
    return Text(
        zh=f"{area_ha:.1f} 公顷缺少高程或水系数据：是否淹没未知，不能当作未淹",
        en=f"{area_ha:.1f} ha without heights or known drainage: not known whether wet, never dry",
    )


def bridges_spared(count: int) -> Text:
    """Say that bridges without a deck level are taken as open."""
    return Text(
        zh=f"{count} 段桥隧未登记桥面高程（或水位未知），按可通行计：请核实",
        en=f"{count} segments of bridges or tunnels without a deck level, or a water level to "
        "compare it with: taken as open, go and see",
    )


def no_roads() -> Text:
    """Say that nothing is known of roads."""
    return Text(zh="尚未导入路网：道路与孤立情况未计", en="no roads are loaded: none are told of")


def depth_is_of_the_band() -> Text:
    """Say how deep something is."""
    return Text(
        zh="水深为所在水深带的范围；道路按水深带的最深处计",
        en="depths are of the band something is in; roads count as deep as their band gets",
    )


def uncounted(count: int) -> Text:
    """Say that some settlements have no population on record."""
    return Text(
        zh=f"水中 {count} 个居民点未登记人口，未计入",
        en=f"{count} settlements in the water without a population on record, not counted",
    )


def cut_off_without(profile: str) -> Text:
    """Say what being cut off means."""
    return Text(
        zh=f"孤立：以 {profile} 无路可达（居民点：任何储备点都到不了）；"
        "“此前已是”指没有这场水时也到不了",
        en=f"cut off: no way for {profile} (settlements: no depot comes there); was_before: also "
        "without this water",
    )


def by_gauge(code: str, level_m: float, age_s: float) -> Text:
    """Say by which reading a zone is in force."""
    minutes = max(age_s, 0) / 60
    return Text(
        zh=f"由水位站 {code} 的读数生效：水位 {level_m:.2f} 米，{minutes:.0f} 分钟前；属筛查",
        en=f"in force by gauge {code}: {level_m:.2f} m, {minutes:.0f} min ago; a screening",
    )


def silent_gauge(code: str) -> Text:
    """Say that a gauge has not reported for too long."""
    return Text(
        zh=f"水位站 {code} 已超时没有新读数：现状不明，淹没区暂按最后读数保留，请核实",
        en=f"gauge {code} is silent for too long: how it stands is not known; the zone stays by "
        "its last reading, go and see",
    )


def above_all(code: str) -> Text:
    """Say that the water is higher than any zone there is."""
    return Text(
        zh=f"水位站 {code} 的水位高于所有情景：按最高情景生效，实际范围更大",
        en=f"the water at gauge {code} is above every scenario: the highest is in force, the real "
        "extent is larger",
    )


def clipped(area_ha: float) -> Text:
    """Say that a part lies outside the service area."""
    return Text(
        zh=f"{area_ha:.1f} 公顷在本区服务范围（边界外扩 20 km）之外，未存入",
        en=f"{area_ha:.1f} ha outside the district's service envelope were left out",
    )
