"""Addresses of the review queue and of deciding on one geolocation."""

from django.urls import URLPattern, path

from geolocation.views import review, review_queue

urlpatterns: list[URLPattern] = [
    path("<code:code>/review/", review_queue.queue, name="review-queue"),
    # Before the page of one geolocation: no reference is called "next".
    path("<code:code>/review/next/", review_queue.next_one, name="review-next"),
    path("<code:code>/review/<reference>/", review.review, name="review"),
]
