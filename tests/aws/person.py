"""A specialist at the deployed desk: signs in by the company's sign-in service and works with forms."""

import re
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit


class Person:
    """A browser in which somebody is signed in."""

    def __init__(self, desk, identity_service, subject, name, groups):
        self.desk, self.cookies = desk, {}
        status, _, page = self.ask("GET", "/desk/sign-in")
        assert status == 200 and "/desk/sign-in/begin" in page, page
        status, headers, _ = self.ask("GET", "/desk/sign-in/begin")
        assert status == 303, status
        address = headers["Location"]
        back = identity_service.person_agrees(address, subject, name, groups)
        status, _, page = self.ask("GET", path_of(back))
        assert status == 200 and any("session" in name for name in self.cookies), f"{status}: {page}"

    def ask(self, method, path, fields=None):
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if fields is not None:
            body, headers["Content-Type"] = urlencode(fields), "application/x-www-form-urlencoded"
        status, answered, page = self.desk.http(method, path, body, headers)
        for line in answered.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return status, answered, page

    def page(self, path):
        status, _, page = self.ask("GET", path)
        assert status == 200, f"{path}: {status}\n{page}"
        return page

    def act(self, case, target, **fields):
        """Sends a form of a case's page: `act(case, "requests/1/answer", text="…")`."""
        page = self.page(f"/desk/cases/{case}")
        hidden = {name: hidden_value(page, name) for name in ("csrf", "version")}
        status, _, page = self.ask("POST", f"/desk/cases/{case}/{target}", {**hidden, **fields})
        assert status == 303, f"{target}: {status}\n{page}"


def path_of(address):
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def hidden_value(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page).group(1)
