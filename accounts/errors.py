"""What accounts refuse."""

from __future__ import annotations

from accounts.web.problems import Conflict, Forbidden, Invalid


class NameTaken(Conflict):
    """Another of the kind bears this name in the workspace."""

    code = "name_taken"


class AlreadyMember(Conflict):
    """The person belongs to the workspace already."""

    code = "already_member"


class LastOwner(Conflict):
    """A workspace always has somebody who owns it."""

    code = "last_owner"


class BelongsElsewhere(Conflict):
    """A way in for a person would open workspaces of others too."""

    code = "belongs_elsewhere"


class WrongPassword(Invalid):
    """Name and password do not belong together; whether the name exists is not said."""

    status, code = 401, "wrong_password"


class NotThePassword(Invalid):
    """Somebody who is signed in does not know the password that they want to change."""

    code = "wrong_password"


class CredentialHostMismatch(Forbidden):
    """A stored secret was to be sent to another host than it was given for."""

    code = "credential_host_mismatch"


class EgressDenied(Invalid):
    """The egress guard does not let this server reach that address."""

    code = "egress_denied"
