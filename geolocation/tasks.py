"""Celery tasks: they only call services."""

from __future__ import annotations

from celery import shared_task

from geolocation.models import Geolocation
from geolocation.services.checks import checks_recheck, checks_run, checks_sweep
from geolocation.services.export_keeping import exports_expire, exports_sweep
from geolocation.services.export_making import export_run
from geolocation.services.feed import changes_order
from geolocation.services.importing_work import import_run, imports_sweep
from geolocation.services.webhook_sending import deliveries_send


@shared_task(name="geolocation.tasks.run_checks", acks_late=True, reject_on_worker_lost=True)
def run_checks(geolocation_id: int) -> None:
    """Run the checks on one geolocation's current revision."""
    checks_run(geolocation_id=geolocation_id)


@shared_task(name="geolocation.tasks.recheck_investigation", acks_late=True, reject_on_worker_lost=True)
def recheck_investigation(investigation_id: int) -> None:
    """Run the checks on everything in one investigation, batch by batch."""
    for _looked_at, _added in checks_recheck(
        geolocations=Geolocation.objects.filter(investigation=investigation_id)
    ):
        pass


@shared_task(name="geolocation.tasks.make_export", acks_late=True, reject_on_worker_lost=True)
def make_export(job_id: int) -> None:
    """Make the file of one export job."""
    export_run(job_id=job_id)


@shared_task(name="geolocation.tasks.sweep", ignore_result=True)
def sweep() -> None:
    """Pick up what a lost broker or a dead worker left; number changes nobody asked for yet."""
    checks_sweep()
    exports_sweep()
    imports_sweep()
    changes_order()


@shared_task(name="geolocation.tasks.tidy", ignore_result=True)
def tidy() -> None:
    """Remove files of verified points that were kept long enough."""
    exports_expire()


@shared_task(name="geolocation.tasks.work_on_import", acks_late=True, reject_on_worker_lost=True)
def work_on_import(batch_id: int) -> None:
    """Check a file of other people's points, or bring in the next rows; it queues itself again until done."""
    import_run(batch_id=batch_id)


@shared_task(name="geolocation.tasks.send_webhooks", ignore_result=True)
def send_webhooks() -> None:
    """Send the messages that are due."""
    deliveries_send()
