"""Changes between two snapshots, without a database."""

from geolocation.snapshot_changes import HeldPoint, changes_between


def held(uid: str, *, revision: int = 1, sha256: str = "a") -> HeldPoint:
    return HeldPoint(uid=uid, reference="M01", title="Quay", revision=revision, sha256=sha256)


def test_what_is_the_same_is_not_named():
    assert changes_between({"1": held("1")}, {"1": held("1")}, {}) == {
        "added": [],
        "changed": [],
        "removed": [],
    }


def test_each_kind_of_change():
    before = {"1": held("1"), "2": held("2"), "3": held("3")}
    after = {"2": held("2", revision=2, sha256="b"), "3": held("3"), "4": held("4")}
    changes = changes_between(before, after, {"1": {"reason": "retracted", "sentence": "Wrong."}})
    assert [each["id"] for each in changes["added"]] == ["4"]
    assert [(each["id"], each["revision_before"], each["revision"]) for each in changes["changed"]] == [
        ("2", 1, 2)
    ]
    assert [(each["id"], each["reason"]) for each in changes["removed"]] == [("1", "retracted")]


def test_a_removed_point_without_a_known_reason_has_none():
    (removed,) = changes_between({"1": held("1")}, {}, {})["removed"]
    assert "reason" not in removed
