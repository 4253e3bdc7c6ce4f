"""Pages of files in the background: one's own, by the same service as the API."""

import pytest
from celery import Celery
from django.urls import reverse

from geolocation.models import ExportJob
from geolocation.services.export_formats import FORMATS
from tests.geolocation.api.conftest import published, verified
from tests.geolocation.views.test_points import as_person, text

__all__ = ["published", "verified"]

pytestmark = pytest.mark.django_db
ASK = "/exports/new/"


@pytest.fixture(autouse=True)
def _own_queue(monkeypatch):
    monkeypatch.setattr(Celery, "send_task", lambda *args, **kwargs: None)


def test_the_menu_leads_members_to_a_job_of_exactly_this_filter(verified, viewer):
    verified(39.8, 46.7)
    page = as_person(viewer).get("/TEST1/points/", {"q": "quay"})
    assert page.context["ask_url"] == f"{ASK}?investigation=TEST1&q=quay"
    assert f'href="{ASK}?investigation=TEST1&amp;q=quay"' in text(page)


def test_formats_that_may_lead_to_a_page_are_not_forced_to_be_saved(verified, viewer):
    verified(39.8, 46.7)
    page = text(as_person(viewer).get("/TEST1/points/"))
    assert 'verified-points.gpkg?investigation=TEST1">' in page
    assert 'verified-points.csv?investigation=TEST1" download>' in page


def test_the_form_says_what_it_is_about_and_makes_a_job(verified, viewer):
    verified(39.8, 46.7)
    client = as_person(viewer)
    page = client.get(ASK, {"investigation": "test1", "format": "xlsx"})
    assert "1 point now" in text(page)
    assert 'value="xlsx" checked' in text(page)
    answer = client.post(f"{ASK}?investigation=test1", {"format": "xlsx"})
    job = ExportJob.objects.get()
    assert answer["Location"] == job.get_absolute_url()
    assert (job.format, job.asked, job.filter_text) == (
        "xlsx",
        {"investigation": "test1"},
        "investigation=test1",
    )
    assert [each.code for each in job.holds.all()] == ["TEST1"]


@pytest.mark.parametrize("sent", [{}, {"format": "shapefile"}])
def test_a_form_without_a_known_format_is_refused(investigation, viewer, sent):
    page = as_person(viewer).post(ASK, sent)
    assert page.status_code == 200
    assert page.context["form"].errors["format"]
    assert not ExportJob.objects.exists()


def test_a_filter_that_is_refused_makes_no_job(investigation, viewer):
    page = as_person(viewer).post(f"{ASK}?bbox=1", {"format": "csv"})
    assert "four numbers" in text(page)
    assert not ExportJob.objects.exists()


def test_whoever_has_too_many_is_told_on_the_form(investigation, viewer, settings):
    settings.EXPORTS_AT_ONCE = 0
    page = as_person(viewer).post(ASK, {"format": "csv"})
    assert "as many as one person may have" in text(page)


def test_only_a_part_of_the_page_is_fetched_again(investigation, viewer):
    client = as_person(viewer)
    client.post(ASK, {"format": "csv"})
    for address in (reverse("geolocation:exports"), ExportJob.objects.get().get_absolute_url()):
        assert f'hx-get="{address}"' in text(client.get(address))
        part = text(client.get(address, headers={"HX-Request": "true"}))
        assert "<html" not in part
        assert f'hx-get="{address}"' in part


def test_a_job_that_ended_is_not_asked_for_again(investigation, viewer):
    client = as_person(viewer)
    client.post(ASK, {"format": "csv"})
    client.post(reverse("geolocation:export-end", args=[ExportJob.objects.get().uid]))
    page = text(client.get(reverse("geolocation:exports")))
    assert "Cancelled" in page
    assert "hx-trigger" not in page


def test_every_format_can_be_chosen(investigation, viewer):
    page = text(as_person(viewer).get(ASK))
    for key in FORMATS:
        assert f'value="{key}"' in page
