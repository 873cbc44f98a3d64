"""A company's sign-in service, as small as OpenID Connect allows: discovery, keys, codes, tokens.

It vouches for whoever a test names, and checks what a real one checks: the desk's own secret, a code used once,
the PKCE verifier, the address that it sends people back to.
"""

import base64
import hashlib
import json
import secrets
import time
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from local_server import Handler, LocalServer

KEY_NAME = "first"


def encoded(content):
    if not isinstance(content, bytes):
        content = json.dumps(content).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def number(value):
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


class IdentityService:
    """A running service on 127.0.0.1."""

    def __init__(self, client_id="lotse-desk", groups_claim="groups"):
        self.client_id, self.groups_claim = client_id, groups_claim
        self.client_secret = secrets.token_urlsafe()
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.codes = {}
        service = self

        class Pages(Handler):
            def do_GET(self):
                pages = {"/.well-known/openid-configuration": service.description, "/keys": service.keys}
                page = pages.get(urlsplit(self.path).path)
                self.answer_json(200 if page else 404, page() if page else {})

            def do_POST(self):
                form = parse_qs(self.read_body().decode())
                form = {name: values[0] for name, values in form.items()}
                self.answer_json(*service.redeem(form, self.headers.get("Authorization", "")))

            def answer_json(self, status, content):
                self.answer(status, json.dumps(content).encode(), [("Content-Type", "application/json")])

        self.server = LocalServer(Pages)
        self.issuer = self.server.endpoint

    def stop(self):
        self.server.stop()

    def description(self):
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def keys(self):
        public = self.key.public_key().public_numbers()
        key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_NAME}
        return {"keys": [key | {"n": number(public.n), "e": number(public.e)}]}

    def person_agrees(self, address, subject, name, groups):
        """What a person does at the page that a desk sent her to: where her browser is sent then."""
        assert address.startswith(f"{self.issuer}/authorize?"), address
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert (asked["response_type"], asked["client_id"]) == ("code", self.client_id), asked
        assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"], asked
        code = secrets.token_urlsafe()
        self.codes[code] = (asked, {"sub": subject, "name": name, self.groups_claim: groups})
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def redeem(self, form, authorization):
        """The token endpoint: each code once, for whom it was made."""
        if authorization.startswith("Basic "):
            client, _, secret = base64.b64decode(authorization[6:]).decode().partition(":")
            client, secret = unquote(client), unquote(secret)
        else:
            client, secret = form.get("client_id"), form.get("client_secret")
        if (client, secret) != (self.client_id, self.client_secret):
            return 401, {"error": "invalid_client"}
        asked, claims = self.codes.pop(form.get("code"), (None, None))
        if asked is None or form.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        if encoded(hashlib.sha256(form.get("code_verifier", "").encode()).digest()) != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims |= {"iss": self.issuer, "aud": self.client_id, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        token = {"id_token": self.signed(claims), "access_token": secrets.token_urlsafe(), "token_type": "Bearer"}
        return 200, token | {"expires_in": 300}

    def signed(self, claims):
        content = f"{encoded({'alg': 'RS256', 'kid': KEY_NAME})}.{encoded(claims)}"
        return f"{content}.{encoded(self.key.sign(content.encode(), padding.PKCS1v15(), hashes.SHA256()))}"
