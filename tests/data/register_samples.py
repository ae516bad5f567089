"""One record of every register, those referred to first; their code is X1, but for goods."""

from datetime import UTC, date, datetime

import shapely

from geoservice.registry import records
from geoservice.registry.records import Record

HERE = shapely.Point(113.2, 36.3)
AREA = shapely.box(113.0, 36.2, 113.4, 36.5)
COMMON = {"code": "X1", "name": "甲", "source_doc": "test"}
AT = datetime(2026, 11, 23, tzinfo=UTC)
DAY = date(2026, 11, 2)

SAMPLES: dict[str, Record] = {
    "towns": records.Town(**COMMON, kind="town", geom=AREA),
    "settlements": records.Settlement(
        **COMMON, kind="village", population=320, households=104, vulnerable=41, contact="丁",
        phone="1", geom=HERE,
    ),
    "organisations": records.Organisation(
        **COMMON, kind="enterprise", parent_code=None, duty_phone="1", leader="乙", geom=HERE
    ),
    "command_posts": records.CommandPost(
        **COMMON, kind="SHQ", hazard_types=("flood", "weather"), parent_code="HQ", lead_org="水利"
    ),
    "duty_links": records.DutyLink(
        **COMMON, organisation_code="X1", hazard_kind="hazchem", phase="rescue"
    ),
    "census_rounds": records.CensusRound(
        **COMMON, state="running", starts_on=DAY, ends_on=DAY, scope="全区"
    ),
    "drills": records.Drill(
        **COMMON, kind="live", hazard_kind="flood", held_on=DAY, participants=40, findings="无",
        geom=AREA,
    ),
    "hazard_sources": records.HazardSource(
        **COMMON, kind="city_risk", subtype="gas", grade="red", residents_500m=60, geom=HERE
    ),
    "hazard_substances": records.HazardSubstance(
        **COMMON, hazard_source_code="X1", cas_no="7782-50-5", danger_class="toxic_gas",
        beta=4.0, quantity_t=20.0, critical_t=5.0,
    ),
    "risk_points": records.RiskPoint(
        **COMMON, hazard_source_code="X1", accident_types=("火灾", "中毒"), control_level="team",
        phone="1", geom=HERE,
    ),
    "risk_assessments": records.RiskAssessment(
        **COMMON, risk_point_code="X1", method="LEC", inputs={"L": 3, "E": 6, "C": 15},
        score=270.0, grade="orange", assessed_on=DAY,
    ),
    "hidden_dangers": records.HiddenDanger(
        **COMMON, level="major", state="closed", category="电气", found_on=DAY, due_on=DAY,
        closed_on=DAY, closed_evidence="照片", hazard_source_code="X1", funds_cny=1200.5,
        root_causes=("people", "facility"), geom=HERE,
    ),
    "assessment_reports": records.AssessmentReport(
        **COMMON, subject="某厂", hazard_source_code="X1", grade="yellow", agency="某机构",
        experts="丙", reported_on=DAY,
    ),
    "rescue_teams": records.RescueTeam(
        **COMMON, tier="main", skills=("破拆", "潜水"), headcount=30, on_duty=8, mobilise_min=3.5,
        geom=HERE,
    ),
    "team_capabilities": records.TeamCapability(
        **COMMON, team_code="X1", skill="潜水", type_no=2, min_headcount=8, grading_line="diving",
        grading_level=1,
    ),
    "town_stations": records.TownStation(
        **COMMON, tasks=("safety_check", "rescue_command"), headcount=6, phone="1", geom=HERE
    ),
    "fire_stations": records.FireStation(**COMMON, status="pilot", vehicles=2, geom=HERE),
    "shelters": records.Shelter(**COMMON, kind="outdoor", capacity=800, area_m2=1600.0, geom=HERE),
    "depots": records.Depot(**COMMON, owner="government", tier="district", phone="1", geom=HERE),
    "stock_lots": records.StockLot(
        **COMMON, depot_code="X1", item_code="2010101", quantity=12.5, unit="台"
    ),
    "goods": records.Goods(**{**COMMON, "code": "2010101"}, unit="台", pieces=1),
    "goods_substitutes": records.GoodsSubstitute(
        **COMMON, for_code="2010101", by_code="2010102", ratio=2.0, remark="口径较小"
    ),
    "goods_kits": records.GoodsKit(
        **COMMON, kit_code="1010101", part_code="1020101", quantity=4.0, is_verified=True
    ),
    "capability_reserves": records.CapabilityReserve(
        **COMMON, organisation_code="X1", item_code="2", per_day=50.0, unit="台", lead_h=6.0
    ),
    "supply_agreements": records.SupplyAgreement(
        **COMMON, organisation_code="X1", depot_code="X1", item_code="101", quantity=30.0,
        unit="箱", agreed_from=DAY, agreed_to=DAY, document="协议 1 号",
    ),
    "dangerous_sections": records.DangerousSection(
        **COMMON, grade="orange", hazard_kinds=("急弯",), from_m=0.0, to_m=120.5,
        geom=shapely.LineString([(113.2, 36.3), (113.21, 36.3)]),
    ),
    "crash_points": records.CrashPoint(
        **COMMON, occurred_on=DAY, deaths=1, injured=2, road_code="G207", at_m=350.0, geom=HERE
    ),
    "road_closures": records.RoadClosure(
        **COMMON, cause="flood", starts_at=AT, vehicle_classes=("truck", "hazmat"), depth_m=0.4,
        geom=HERE,
    ),
    "bridge_decks": records.BridgeDeck(**COMMON, deck_m=903.5, height_datum="1985", geom=HERE),
    "vehicle_profiles": records.VehicleProfile(
        **COMMON, height_m=3.5, weight_t=16, wading_m=0.6, max_flow_m2s=0.5,
        carries_hazmat=True, speed_factor=0.9, max_kph=90,
        turn_right_s=3, turn_left_s=6, turn_sharp_s=9, turn_back_s=30,
    ),
    "sensors": records.Sensor(**COMMON, kind="methane", unit="%", interval_s=60, geom=HERE),
    "sensor_thresholds": records.SensorThreshold(
        **COMMON, sensor_code="X1", level="orange", value=1.0, window_min=60, clear_margin=0.1
    ),
    "flood_gauges": records.FloodGauge(
        **COMMON, sensor_code="X1", family="浊漳河", height_datum="1985", zero_m=898.2, from_m=901.0
    ),
    "flash_villages": records.FlashVillage(
        **COMMON, settlement_code="X1", sensor_code="X1", grade="high", return_period_y=10.0,
        prepare_1h_mm=45.0, transfer_1h_mm=60.0, contact="丁", phone="1",
        geom=HERE,
    ),
    "mines": records.Mine(**COMMON, status="operating", capacity_mtpa=1.2, geom=HERE),
    "mine_seams": records.MineSeam(
        **COMMON, mine_code="X1", seam="3", thickness_m=5.8, dip_deg=6.0, roof_class="medium",
        mining_height_m=5.8, slices=2, mining_method="layered", stage_height_m=60.0,
        fracture_height_m=55.0, floor_damage_m=14.0, coal_tensile_mpa=0.6, movement_deg=72.0,
        pressure_datum="aquiclude_base",
    ),
    "mine_licences": records.MineLicence(**COMMON, mine_code="X1", zone_width_deg=6, geom=AREA),
    "water_bodies": records.WaterBody(
        **COMMON, kind="goaf", mine_seam_code="X1", edge="inferred", level_m=852.5, floor_m=820.0,
        height_datum="1985", volume_m3=32000.0, pressure_mpa=0.32, is_drained=True, geom=AREA,
    ),
    "mine_structures": records.MineStructure(
        **COMMON, mine_seam_code="X1", kind="fault", dip_deg=70.0, throw_m=12.5, conducts=False,
        head_mpa=1.2, is_against_aquifer=True,
        geom=shapely.LineString([(113.2, 36.3), (113.21, 36.3)]),
    ),
    "mine_boreholes": records.MineBorehole(
        **COMMON, mine_seam_code="X1", is_sealed=True, head_mpa=2.1, head_m=655.0, floor_m=430.0,
        aquiclude_m=55.0, seam_thickness_m=5.6, overburden_m=410.0, yield_lpsm=0.8,
        height_datum="1956", geom=HERE,
    ),
    "mine_areas": records.MineArea(
        **COMMON, mine_seam_code="X1", kind="argument", domains=("floor", "goaf"),
        document="论证 2026 年 3 号", is_approved=True, approved_by="丁", approved_on=DAY,
        is_probed_clean=True, geom=AREA,
    ),
    "mine_shafts": records.MineShaft(
        **COMMON, mine_code="X1", kind="main", collar_m=905.2, height_datum="1985",
        flood_level_m=904.0, flood_datum="1985", defence_doc="防洪 2026 年 1 号", geom=HERE,
    ),
    "mine_headings": records.MineHeading(
        **COMMON, mine_code="X1", mine_seam_code="X1", state="driving", started_on=DAY,
        geom=shapely.LineString([(113.2, 36.3), (113.21, 36.3)]),
    ),
    "water_controls": records.WaterControl(
        **COMMON, mine_code="X1", technicians=2, team_headcount=20, rigs=3
    ),
    "heading_probes": records.HeadingProbe(
        **COMMON, mine_code="X1", heading="3101 运输巷", mine_heading_code="X1",
        geophysics_on=DAY, result="clear"
    ),
    "water_withdrawals": records.WaterWithdrawal(
        **COMMON, mine_code="X1", withdrawn_at=AT, sign="煤壁挂汗", people=31
    ),
    "staleness_rules": records.StalenessRule(**COMMON, days=30),
    "risk_parameters": records.RiskParameter(**COMMON, value={"within_days": 365}),
}  # fmt: skip
