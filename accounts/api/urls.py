"""The addresses of accounts under /api/v1/."""

from django.urls import path

from accounts.api.credentials import Credentials, OneCredential, TestCredential
from accounts.api.me import Me, Password, Workspaces
from accounts.api.members import MemberLink, Members, OneMember, OwnMembership
from accounts.api.models import Models
from accounts.api.sign_in import SignIn, SignOut
from accounts.api.tokens import OneToken, Tokens

urlpatterns = [
    path("sign-in/", SignIn.as_view()),
    path("sign-out/", SignOut.as_view()),
    path("me/", Me.as_view()),
    path("me/password/", Password.as_view()),
    path("workspaces/", Workspaces.as_view()),
    path("workspaces/<str:id>/members/", Members.as_view()),
    path("workspaces/<str:id>/members/me/", OwnMembership.as_view()),
    path("workspaces/<str:id>/members/<str:member>/", OneMember.as_view()),
    path("workspaces/<str:id>/members/<str:member>/link/", MemberLink.as_view()),
    path("models/", Models.as_view()),
    path("tokens/", Tokens.as_view()),
    path("tokens/<str:id>/", OneToken.as_view()),
    path("credentials/", Credentials.as_view()),
    path("credentials/<str:id>/", OneCredential.as_view()),
    path("credentials/<str:id>/test/", TestCredential.as_view()),
]
