"""Signatures: what fits, and every way in which one does not."""

import hashlib
import hmac

import pytest

from geolocation.webhooks.signature import signature_fits, signature_write

BODY = b'{"event": "point.verified"}'
AT = 1_764_150_000


def test_it_is_hmac_sha256_over_time_and_body():
    expected = hmac.new(b"whsec_x", b"1764150000." + BODY, hashlib.sha256).hexdigest()
    assert signature_write("whsec_x", at_s=AT, body=BODY) == f"t=1764150000,v1={expected}"


def test_what_was_signed_with_the_secret_fits_for_five_minutes():
    header = signature_write("whsec_x", at_s=AT, body=BODY)
    assert signature_fits("whsec_x", header=header, body=BODY, now_s=AT + 300)
    assert not signature_fits("whsec_x", header=header, body=BODY, now_s=AT + 301)
    assert not signature_fits("whsec_x", header=header, body=BODY, now_s=AT - 301)


def test_another_secret_body_or_time_does_not_fit():
    header = signature_write("whsec_x", at_s=AT, body=BODY)
    assert not signature_fits("whsec_y", header=header, body=BODY, now_s=AT)
    assert not signature_fits("whsec_x", header=header, body=BODY + b" ", now_s=AT)
    later = header.replace(str(AT), str(AT + 1))
    assert not signature_fits("whsec_x", header=later, body=BODY, now_s=AT)


@pytest.mark.parametrize("header", ["", "v1=abc", "t=1,v1=", "t=x,v1=" + "0" * 64, "t=1764150000"])
def test_a_header_of_another_shape_does_not_fit(header):
    assert not signature_fits("whsec_x", header=header, body=BODY, now_s=AT)
