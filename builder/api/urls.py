"""The addresses of builder under /api/v1/."""

from django.urls import path

from builder.api.catalogue import Evaluate, Functions, NodeTypes, Tools
from builder.api.transfer import Export, Import, Templates, UseTemplate
from builder.api.versions import OneVersion, Publish, RestoreVersion, Versions
from builder.api.workflows import OneWorkflow, Validate, ValidateWorkflow, Workflows

urlpatterns = [
    path("workflows/", Workflows.as_view()),
    path("workflows/import/", Import.as_view()),
    path("workflows/validate/", Validate.as_view()),
    path("workflows/<str:id>/", OneWorkflow.as_view()),
    path("workflows/<str:id>/validate/", ValidateWorkflow.as_view()),
    path("workflows/<str:id>/publish/", Publish.as_view()),
    path("workflows/<str:id>/export/", Export.as_view()),
    path("workflows/<str:id>/versions/", Versions.as_view()),
    path("workflows/<str:id>/versions/<int:number>/", OneVersion.as_view()),
    path("workflows/<str:id>/versions/<int:number>/restore/", RestoreVersion.as_view()),
    path("templates/", Templates.as_view()),
    path("templates/<slug:slug>/use/", UseTemplate.as_view()),
    path("node-types/", NodeTypes.as_view()),
    path("tools/", Tools.as_view()),
    path("expressions/functions/", Functions.as_view()),
    path("expressions/evaluate/", Evaluate.as_view()),
]
