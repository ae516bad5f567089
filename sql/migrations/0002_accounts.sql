-- Who may come in. Secrets are kept as hashes only.

CREATE TABLE core.account (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name          text NOT NULL UNIQUE CHECK (name <> ''),
  password_hash text,                                   -- argon2id; NULL: cannot sign in by password
  roles         text[] NOT NULL CHECK (roles <@ ARRAY['viewer', 'keeper', 'planner', 'dispatcher', 'publisher', 'admin', 'auditor']),
  towns         text[],                                 -- NULL: all
  is_demo       boolean NOT NULL DEFAULT false,
  disabled_at   timestamptz,
  failures      integer NOT NULL DEFAULT 0,
  locked_until  timestamptz,
  created_by    text NOT NULL DEFAULT core.actor(),
  created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE core.session (
  token_sha256 bytea PRIMARY KEY,
  account_id   bigint NOT NULL REFERENCES core.account ON DELETE CASCADE,
  created_at   timestamptz NOT NULL DEFAULT now(),
  seen_at      timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz NOT NULL
);

-- A link that signs in once: printed at start.
CREATE TABLE core.sign_in_link (
  token_sha256 bytea PRIMARY KEY,
  account_id   bigint NOT NULL REFERENCES core.account ON DELETE CASCADE,
  expires_at   timestamptz NOT NULL,
  used_at      timestamptz
);

-- Bearer tokens for machines.
CREATE TABLE core.api_token (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  token_sha256 bytea NOT NULL UNIQUE,
  name         text NOT NULL,
  roles        text[] NOT NULL CHECK (cardinality(roles) > 0 AND roles <@ ARRAY['viewer', 'keeper', 'planner', 'dispatcher', 'publisher', 'admin', 'auditor']),
  towns        text[],
  expires_at   timestamptz,
  revoked_at   timestamptz,
  created_by   text NOT NULL DEFAULT core.actor(),
  created_at   timestamptz NOT NULL DEFAULT now()
);
