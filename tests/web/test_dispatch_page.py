"""The dispatcher's page: from a click to a ranked list with routes, by mouse and by keyboard."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

Opener = Callable[..., Page]

ROUTES = """app.map.getAllLayers().flatMap(layer => layer.getSource()?.getFeatures?.() ?? [])
  .filter(feature => feature.get('rank') && feature.getGeometry().getType() === 'LineString')"""


def ask(page: Page, typed: str) -> None:
    page.locator("#nearest-place").fill(typed)
    page.keyboard.press("Enter")
    expect(page.locator("#nearest-answer h3").first).to_contain_text("找到")


def looked_at(page: Page) -> list[int]:
    found = page.evaluate(f"{ROUTES}.filter(f => f.get('isLookedAt')).map(f => f.get('rank'))")
    assert isinstance(found, list)
    return found


def test_a_click_gives_a_ranked_list_and_draws_the_routes(opened: Opener) -> None:
    page = opened("/dispatch")
    page.locator("#map").click(position={"x": 450, "y": 380})
    rows = page.locator("#nearest-answer .found button")
    expect(rows).to_have_count(5)
    minutes = [int(text.split()[1]) for text in rows.locator(".minutes").all_inner_texts()]
    late = [minutes[i] + rows.nth(i).locator(".stale").count() for i in range(5)]
    assert late == sorted(late)
    expect(rows.first).to_contain_text("公里")
    expect(rows.first).to_contain_text("经")
    assert page.evaluate(f"{ROUTES}.length") == 5
    rows.nth(2).hover()
    assert looked_at(page) == [3]


def test_the_list_says_what_it_rests_on(opened: Opener) -> None:
    page = opened("/dispatch")
    ask(page, "113.23,36.33")
    answer = page.locator("#nearest-answer")
    expect(answer).to_contain_text("路网版本")
    expect(answer).to_contain_text("道路封闭")
    expect(answer).to_contain_text("事发点距")


def test_the_form_works_by_keyboard_alone(opened: Opener) -> None:
    page = opened("/dispatch")
    page.locator("#nearest-place").focus()
    page.keyboard.type("36.33,113.23")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    rows = page.locator("#nearest-answer .found button")
    expect(rows).to_have_count(3)
    rows.first.focus()
    assert looked_at(page) == [1]
    page.keyboard.press("ArrowDown")
    assert looked_at(page) == [2]
    page.keyboard.press("Enter")
    expect(rows.nth(1)).to_be_focused()


def test_every_kind_can_be_asked_for_and_narrowed_down(opened: Opener) -> None:
    page = opened("/dispatch")
    kind, want = page.locator("#nearest-kind"), page.locator("#nearest-want")
    want.fill("2")
    ask(page, "113.23,36.33")
    rows = page.locator("#nearest-answer .found button")
    expect(rows.first).to_contain_text("可调用")
    kind.select_option("shelter")
    expect(want).to_be_hidden()
    ask(page, "113.23,36.33")
    expect(rows.first).to_contain_text("可容纳")
    kind.select_option("rescue_team")
    expect(page.locator("#nearest-want-row")).to_contain_text("救援专长")
    want.fill("没有这种专长")
    page.locator("#nearest-place").fill("113.23,36.33")
    page.keyboard.press("Enter")
    expect(page.locator("#nearest-answer")).to_contain_text("没有这种专长")


def test_a_place_that_is_none_is_refused_in_words(opened: Opener) -> None:
    page = opened("/dispatch")
    page.locator("#nearest-place").fill("那边")
    page.keyboard.press("Enter")
    expect(page.locator("#nearest-answer")).to_contain_text("看不懂这个坐标")
    expect(page.locator("#nearest-place")).to_have_attribute("aria-invalid", "true")


def test_an_empty_place_and_a_bad_number_are_answered_not_swallowed(opened: Opener) -> None:
    page = opened("/dispatch")
    page.locator("#nearest-k").fill("5")
    page.locator("#nearest-within").fill("1")
    page.locator("#nearest-place").fill("113.23,36.33")
    page.keyboard.press("Enter")
    answer = page.locator("#nearest-answer")
    expect(answer.locator("h3").first).to_be_visible()
    expect(answer).to_contain_text("1 分钟")


def test_from_the_map_a_feature_can_be_asked_about(opened: Opener) -> None:
    page = opened("/")
    page.locator("#search").fill("石窟")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="由此查最近资源").click()
    expect(page.locator("#panel-dispatch .found button")).to_have_count(5)


def test_who_may_not_dispatch_is_told_what_it_needs(opened: Opener) -> None:
    page = opened("/dispatch", anonymous=True)
    expect(page.locator("#nearest-need")).to_contain_text("需要“调度”角色")
    expect(page.locator("#nearest-form")).to_be_hidden()
    page.locator("#nearest-need a").click()
    expect(page).to_have_url("/sign-in?next=%2Fdispatch")
