"""The addresses of runs under /api/v1/."""

from __future__ import annotations

from django.urls import path

from runs.api.limits import Limits
from runs.api.views import CancelRun, Events, OneRun, OneStep, Runs, Steps, WorkflowRuns

urlpatterns = [
    path("workflows/<str:id>/runs/", WorkflowRuns.as_view()),
    path("limits/", Limits.as_view()),
    path("runs/", Runs.as_view()),
    path("runs/<str:id>/", OneRun.as_view()),
    path("runs/<str:id>/cancel/", CancelRun.as_view()),
    path("runs/<str:id>/steps/", Steps.as_view()),
    path("runs/<str:id>/steps/<str:key>/", OneStep.as_view()),
    path("runs/<str:id>/events/", Events.as_view()),
]
