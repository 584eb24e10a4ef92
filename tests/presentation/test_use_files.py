"""Providers' figures and residents in other forms: broad groups, ages, dashes, percentages, missing values."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldkit.errors import FieldkitError, Misuse, NotFound
from fieldkit.presentation.utilisation.use_files import UseRequest, read_use
from fieldkit.presentation.utilisation.use_report import UseReport

DATA = Path(__file__).parents[1] / "data"
PUBLISHED = DATA / "talking-therapies-2024-25-birmingham-solihull.csv"
AREA = ("Birmingham", "Solihull")


def of_real(**request: str) -> UseReport:
    return read_use(UseRequest(PUBLISHED, AREA, **{"measure": "referrals_received", **request}))  # type: ignore[arg-type]


def of_text(tmp_path: Path, text: str, population: str = "", **request: object) -> UseReport:
    data = tmp_path / "figures.csv"
    data.write_text(text, "utf-8")
    people = None
    if population:
        people = tmp_path / "people.csv"
        people.write_text(population, "utf-8")
    districts = ("Here",) if population else AREA
    return read_use(UseRequest(data, districts, people, **request))  # type: ignore[arg-type]


PEOPLE = """area_code,area_name,ethnic_group,age,value
E1,Here,White: British,0-15,100
E1,Here,White: British,16-64,500
E1,Here,White: British,65+,400
E1,Here,White: Irish,0-15,100
E1,Here,White: Irish,16-64,50
E1,Here,White: Irish,65+,50
"""


# The real file


def test_a_hidden_group_has_an_interval_and_no_ratio() -> None:
    use = of_real(measure="not_at_caseness").use
    chinese = next(group for group in use.groups if group.code == "R")
    assert (chinese.ratio, chinese.no_ratio, str(chinese.observed.interval)) == (None, "hidden", "0 to 4")
    assert use.population == 1_361_162 - 14_245
    assert chinese.rounding is not None and chinese.rounding[0] == 0
    assert use.hidden == ["Other: Chinese"]
    assert all(group.ratio for group in use.groups if group is not chinese)


@pytest.mark.parametrize(
    ("dimension", "percent"), [("religion", 61.5), ("orientation", 36.6), ("Sexual Orientation Type", 36.6)]
)
def test_where_too_many_are_not_stated_only_counts_are_given(dimension: str, percent: float) -> None:
    report = of_real(dimension=dimension)
    assert report.use.not_stated_percent == pytest.approx(percent, abs=0.05)
    for group in report.as_dict()["groups"].values():
        assert group["isr"] is None and group["rate_per_1000"] is None and group["observed"]
    assert any("above 30 %" in caveat for caveat in report.caveats)


def test_not_stated_people_stop_ratios_although_residents_are_known(tmp_path: Path) -> None:
    figures = "ethnic_group,value\nWhite: British,60\nWhite: Irish,10\nNot stated,{}\n"
    above = of_text(tmp_path, figures.format(31), PEOPLE, source="exact").use
    assert {group.no_ratio for group in above.groups} == {"not stated"} and above.rate is None
    below = of_text(tmp_path, figures.format(30), PEOPLE, source="exact").use
    assert {group.no_ratio for group in below.groups} == {""}


@pytest.mark.parametrize("total", ["", "Total,100\n", "Total,100\nAll,100\n"])
@pytest.mark.parametrize(("unknown", "ratios"), [(20, True), (40, False)])
def test_a_total_in_the_table_is_the_base_of_the_not_stated_once(
    tmp_path: Path, total: str, unknown: int, ratios: bool
) -> None:
    text = f"Ethnicity,Count\nBritish,{90 - unknown}\nIrish,10\nNot stated,{unknown}\n{total}"
    use = of_text(tmp_path, text, PEOPLE).use
    assert use.not_stated_percent == unknown
    assert any(group.ratio for group in use.groups) == ratios


@pytest.mark.parametrize(
    "totals", ["Total,16-64,60\nTotal,65+,40\n", "Total,16-64,60\nTotal,65+,40\nTotal,All ages,100\n", ""]
)
def test_totals_of_ages_make_the_base_together(tmp_path: Path, totals: str) -> None:
    groups = "".join(
        f"{label},{age},{count}\n"
        for label, counts in {"British": (36, 24), "Irish": (6, 4), "Not stated": (18, 12)}.items()
        for age, count in zip(("16-64", "65+"), counts, strict=True)
    )
    use = of_text(tmp_path, f"Ethnicity,Age,Count\n{groups}{totals}", PEOPLE, source="exact", ages="16+").use
    assert use.not_stated_percent == 30


def test_totals_of_each_sex_make_the_base_together(tmp_path: Path) -> None:
    rows = "British,{0},30\nIrish,{0},5\nNot stated,{0},15\nTotal,{0},50\n"
    text = "Ethnicity,Sex,Count\n" + "".join(rows.format(sex) for sex in ("Male", "Female"))
    assert of_text(tmp_path, text, PEOPLE, source="exact").use.not_stated_percent == 30


def test_not_stated_people_whose_number_is_hidden_stop_ratios_if_they_may_be_too_many(tmp_path: Path) -> None:
    figures = "ethnic_group,value\nWhite: British,{}\nWhite: Irish,10\nNot stated,*\n"
    many = of_text(tmp_path, figures.format(2), PEOPLE, source="ten").use
    few = of_text(tmp_path, figures.format(500), PEOPLE, source="ten").use
    assert many.groups[0].no_ratio == "not stated"
    assert few.groups[0].ratio is not None and few.not_stated_percent is None


def test_the_shipped_census_is_the_population_where_none_is_named() -> None:
    named = read_use(
        UseRequest(
            PUBLISHED, AREA, DATA / "census-2021-ethnic-group-by-district.csv", measure="referrals_received"
        )
    )
    assert of_real().as_dict() == named.as_dict()


def test_names_codes_and_doubles_are_one_choice_of_districts() -> None:
    by_code = UseRequest(PUBLISHED, ("E08000029; birmingham", "Solihull"), measure="Referrals Received")
    assert read_use(by_code).use.population == 1_361_162


# Sentences


@pytest.mark.parametrize(
    ("request_of", "there"),
    [
        ({"measure": "nonsense"}, "finished_course_treatment"),
        ({"organisation": "QZZ"}, "QHL"),
        ({"dimension": "shoe size"}, "religion"),
        ({"period": "1999"}, "2024-25"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(request_of: dict[str, str], there: str) -> None:
    with pytest.raises(NotFound) as caught:
        of_real(**request_of)
    assert there in str(caught.value)


def test_several_measures_need_a_choice() -> None:
    with pytest.raises(Misuse, match="--measure"):
        read_use(UseRequest(PUBLISHED, AREA))


def test_no_district_offers_the_places_of_a_known_board() -> None:
    with pytest.raises(Misuse, match=r'--districts "Birmingham,Solihull"'):
        read_use(UseRequest(PUBLISHED, (), measure="referrals_received"))


def test_an_unknown_district_stops_and_offers_another() -> None:
    with pytest.raises(NotFound, match=r"Birmingham"):
        read_use(UseRequest(PUBLISHED, ("Brimingham",), measure="referrals_received"))


def test_a_file_of_percentages_is_refused(tmp_path: Path) -> None:
    text = "ethnic_group,measure_statistic,value\nWhite: British,percentage,60\nWhite: Irish,percentage,10\n"
    with pytest.raises(FieldkitError, match=r"(?i)percent"):
        of_text(tmp_path, text)


def test_a_dash_is_never_guessed(tmp_path: Path) -> None:
    text = "ethnic_group,value\nWhite: British,60\nWhite: Irish,-\n"
    with pytest.raises(Misuse, match="--dash"):
        of_text(tmp_path, text, PEOPLE)
    assert of_text(tmp_path, text, PEOPLE, dash="zero").use.groups[1].observed.number == 0
    assert len(of_text(tmp_path, text, PEOPLE, dash="missing").use.groups) == 1
    with pytest.raises(Misuse, match="zero, missing or star"):
        of_text(tmp_path, text, PEOPLE, dash="nothing")


def test_a_source_that_is_not_known_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="hes"):
        of_text(tmp_path, "ethnic_group,value\nWhite: British,60\nWhite: Irish,5\n", source="nhs")


def test_ages_that_the_population_does_not_have_are_refused() -> None:
    with pytest.raises(Misuse, match="all ages"):
        of_real(ages="16+")
    with pytest.raises(Misuse, match=r"not ages"):
        of_real(ages="grown up")


def test_a_label_of_no_group_is_left_out_by_name(tmp_path: Path) -> None:
    report = of_text(
        tmp_path,
        "ethnic_group,value\nWhite: British,60\nWhite: Irish,10\nMartian,7\n",
        PEOPLE,
        source="exact",
    )
    assert report.basis.left_out == ("“Martian” (7)",)
    assert "Martian" in report.caveats[0] and report.use.stated == 70


def test_stars_of_an_unknown_source_have_no_bound(tmp_path: Path) -> None:
    report = of_text(tmp_path, "ethnic_group,value\nWhite: British,60\nWhite: Irish,*\n", PEOPLE)
    assert report.as_dict()["groups"]["14" if "14" in report.as_dict()["groups"] else "B"]["observed"] == [
        0,
        None,
    ]
    assert any("--source" in caveat for caveat in report.caveats)


# Joining


def test_residents_of_the_ages_that_a_service_takes_change_the_sign(tmp_path: Path) -> None:
    text = "ethnic_group,value\nWhite: British,90\nWhite: Irish,10\n"
    crude = of_text(tmp_path, text, PEOPLE, source="exact").use
    adults = of_text(tmp_path, text, PEOPLE, source="exact", ages="16+").use
    assert crude.population == 1_200 and adults.population == 1_000
    assert crude.groups[1].ratio.value == pytest.approx(100 * 10 / (200 * 100 / 1_200))
    assert adults.groups[1].ratio.value == pytest.approx(100.0)


def test_counts_with_ages_are_standardised_for_age(tmp_path: Path) -> None:
    text = """ethnic_group,age,value
White: British,0-15,10
White: British,16-64,100
White: British,65+,90
White: Irish,0-15,20
White: Irish,16-64,10
White: Irish,65+,10
"""
    report = of_text(tmp_path, text, PEOPLE, source="exact")
    irish = report.use.groups[1]
    assert report.use.by_age
    expected = 100 * 30 / 200 + 50 * 110 / 550 + 50 * 100 / 450
    assert irish.expected == pytest.approx(expected)
    assert irish.ratio.value == pytest.approx(100 * 40 / expected)
    assert irish.rounding == pytest.approx((irish.ratio.value, irish.ratio.value))
    assert sum(group.expected for group in report.use.groups) == pytest.approx(240)
    assert not any("Ages are not allowed for" in caveat for caveat in report.caveats)


def test_other_cuts_of_ages_leave_the_ratio_crude(tmp_path: Path) -> None:
    text = "ethnic_group,age,value\nWhite: British,0-17,10\nWhite: British,18+,90\nWhite: Irish,0-17,5\nWhite: Irish,18+,5\n"
    report = of_text(tmp_path, text, PEOPLE, source="exact")
    assert not report.use.by_age and report.use.stated == 110
    assert any("Ages are not allowed for" in caveat for caveat in report.caveats)


def test_broad_groups_alone_are_compared_with_residents_built_from_the_same_scheme(tmp_path: Path) -> None:
    text = "ethnic_group,value\nWhite,24145\nMixed,2565\nAsian or Asian British,10675\nBlack or Black British,4385\n"
    report = of_text(tmp_path, text + "Other Ethnic Groups,1965\n", source="exact")
    people = {group.code: group.population for group in report.use.groups}
    assert people == {"white": 734_276, "mixed": 62_701, "asian": 364_984, "black": 129_715, "other": 69_486}
    assert report.use.five == []


def test_everything_of_an_empty_service_is_nought(tmp_path: Path) -> None:
    report = of_text(
        tmp_path, "ethnic_group,value\nWhite: British,0\nWhite: Irish,0\n", PEOPLE, source="exact"
    )
    assert {group.no_ratio for group in report.use.groups} == {"nothing"}
    assert report.use.rate == 0


def test_a_group_of_which_nobody_lives_there_has_no_rate(tmp_path: Path) -> None:
    people = "area_code,area_name,ethnic_group,value\nE1,Here,White: British,100\nE1,Here,White: Irish,0\n"
    report = of_text(
        tmp_path, "ethnic_group,value\nWhite: British,10\nWhite: Irish,3\n", people, source="exact"
    )
    irish = report.use.groups[1]
    assert (irish.no_ratio, irish.rate) == ("nobody", None)
    assert "Nobody" in report.of_group[irish.code][0]


def test_more_contacts_than_residents_are_allowed_and_said(tmp_path: Path) -> None:
    people = "area_code,area_name,ethnic_group,value\nE1,Here,White: British,100\nE1,Here,White: Irish,5\n"
    report = of_text(
        tmp_path, "ethnic_group,value\nWhite: British,10\nWhite: Irish,30\n", people, source="exact"
    )
    irish = report.use.groups[1]
    assert irish.rate is not None and irish.rate.value == 6_000
    assert any("than residents" in caveat for caveat in report.of_group[irish.code])


def test_the_age_dimension_is_compared_where_residents_have_the_same_cuts(tmp_path: Path) -> None:
    text = "age_group,value\nUnder 16,20\n16 to 64,110\n65 and over,110\nNot stated,3\n"
    report = of_text(tmp_path, text, PEOPLE, source="exact", dimension="age")
    assert [group.population for group in report.use.groups] == [200, 550, 450]
    assert report.use.rate == pytest.approx(200)
    other = "age_group,value\nUnder 18,20\n18 to 64,110\n65 and over,110\n"
    report = of_text(tmp_path, other, PEOPLE, source="exact", dimension="age")
    assert [group.no_ratio for group in report.use.groups][:2] == ["no population"] * 2


def test_a_broad_group_is_built_only_of_all_its_members(tmp_path: Path) -> None:
    text = "ethnic_group,value\nBritish,60\nIrish,10\nIndian,5\n"
    assert of_text(tmp_path, text, source="exact").use.five == []
    white = of_text(tmp_path, text + "Any other White background,7\n", source="exact").use.five
    assert [(group.code, group.observed.number) for group in white] == [("white", 77)]


def test_a_published_broad_group_is_compared_with_all_its_residents(tmp_path: Path) -> None:
    (white,) = of_text(
        tmp_path, "ethnic_group,value\nBritish,60\nIrish,10\nWhite,90\n", source="exact"
    ).use.five
    assert (white.observed.number, white.population) == (90, 734_276)


def test_two_figures_of_one_label_are_never_added(tmp_path: Path) -> None:
    text = "clinic,ethnic_group,value\nNorth,British,60\nSouth,British,40\nNorth,Irish,5\nSouth,Irish,5\n"
    with pytest.raises(Misuse, match="2 figures of"):
        of_text(tmp_path, text, source="exact")


def test_two_labels_of_one_group_are_added_and_named(tmp_path: Path) -> None:
    report = of_text(tmp_path, "ethnic_group,value\nBritish,60\nWhite British,40\nIrish,5\n", source="exact")
    assert report.use.groups[0].observed.number == 100
    assert report.caveats[0] == "Added to another label of the same group: White British."


def test_both_sexes_are_not_added_to_all_persons(tmp_path: Path) -> None:
    text = """ethnic_group,sex,value
White: British,Persons,60
White: British,Male,20
White: British,Female,40
White: Irish,Persons,10
White: Irish,Male,5
White: Irish,Female,5
"""
    assert of_text(tmp_path, text, PEOPLE, source="exact").use.stated == 70


def test_bands_that_share_ages_are_counted_and_not_compared(tmp_path: Path) -> None:
    text = "Age,Count\n16-24,50\n18-24,30\n25+,20\n"
    report = of_text(tmp_path, text, PEOPLE, dimension="age")
    assert {group.no_ratio for group in report.use.groups} == {"several"}
    with pytest.raises(Misuse, match="share ages: 16-64 and 18-64"):
        of_text(tmp_path, "Ethnicity,Age,Count\nBritish,16-64,50\nBritish,18-64,30\nIrish,16-64,9\n", PEOPLE)
