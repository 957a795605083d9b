-- Foundations: the catalog, organizations and their people, accounts, sessions, the audit.
--
-- Every key of a customer's table begins with the organization. Tables that belong to no organization:
-- issuer, tax_rate, product, plan, price, shelf (the catalog), account, session, link, refused_form (an account may be in
-- several organizations), import_person, import_key, import_group (a file may hold several).

-- The catalog -------------------------------------------------------------------------------------------

CREATE TABLE issuer (
    id          $ID    NOT NULL PRIMARY KEY,
    key         $TEXT  NOT NULL UNIQUE,
    content     $TEXT  NOT NULL, -- JSON, domain::catalog::Issuer
    version     BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL
) $TABLE;

-- Tax rates and prices are never changed: a new row follows the one that it replaces.
CREATE TABLE tax_rate (
    id          $ID    NOT NULL PRIMARY KEY,
    issuer_key  $TEXT  NOT NULL,
    country     $TEXT  NOT NULL,
    category    $TEXT  NOT NULL,
    valid_from  $TEXT  NOT NULL, -- a date
    content     $TEXT  NOT NULL, -- JSON, domain::catalog::TaxRow
    created_at  BIGINT NOT NULL,
    replaced_at BIGINT           -- NULL while in force
) $TABLE;
CREATE UNIQUE INDEX tax_rate_in_force ON tax_rate (issuer_key, country, category, valid_from, content)
    WHERE replaced_at IS NULL;

CREATE TABLE product (
    id          $ID    NOT NULL PRIMARY KEY,
    key         $TEXT  NOT NULL UNIQUE,
    position    BIGINT NOT NULL,
    content     $TEXT  NOT NULL, -- JSON, domain::catalog::Product without its plans
    version     BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL
) $TABLE;

CREATE TABLE plan (
    id          $ID    NOT NULL PRIMARY KEY,
    product_id  $ID    NOT NULL REFERENCES product (id),
    key         $TEXT  NOT NULL,
    position    BIGINT NOT NULL,
    content     $TEXT  NOT NULL, -- JSON, domain::catalog::Plan without its prices
    version     BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL,
    UNIQUE (product_id, key)
) $TABLE;

CREATE TABLE price (
    id          $ID    NOT NULL PRIMARY KEY,
    plan_id     $ID    NOT NULL REFERENCES plan (id),
    currency    $TEXT  NOT NULL,
    term        $TEXT  NOT NULL,
    frequency   $TEXT  NOT NULL,
    content     $TEXT  NOT NULL, -- JSON, domain::catalog::Price
    created_at  BIGINT NOT NULL,
    replaced_at BIGINT           -- NULL while it can be bought
) $TABLE;
CREATE UNIQUE INDEX price_in_force ON price (plan_id, currency, term, frequency) WHERE replaced_at IS NULL;

-- Counts the changes of the catalog, so that whoever keeps a copy knows when it is old. One row.
CREATE TABLE shelf (
    id      BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
) $TABLE;

-- Accounts ----------------------------------------------------------------------------------------------

CREATE TABLE account (
    id                  $ID     NOT NULL PRIMARY KEY,
    mail                $TEXT   NOT NULL UNIQUE,
    password            $TEXT,           -- an argon2id hash; NULL until a link has set one
    password_changed_at BIGINT,
    operator            BOOLEAN NOT NULL, -- of the publisher
    created_at          BIGINT  NOT NULL,
    version             BIGINT  NOT NULL
) $TABLE;

-- A session is known by the digest of its token; who reads the database cannot use it.
CREATE TABLE session (
    token_digest    $BYTES NOT NULL PRIMARY KEY,
    id              $ID    NOT NULL UNIQUE,
    account_id      $ID    NOT NULL REFERENCES account (id),
    organization_id $ID,             -- where the account acts, once it has chosen
    person_id       $ID,
    created_at      BIGINT NOT NULL,
    seen_at         BIGINT NOT NULL,
    ended_at        BIGINT,
    agent           $TEXT
) $TABLE;
CREATE INDEX session_of_account ON session (account_id, created_at);

CREATE TABLE link (
    token_digest $BYTES NOT NULL PRIMARY KEY,
    id           $ID    NOT NULL UNIQUE,
    account_id   $ID    NOT NULL REFERENCES account (id),
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    used_at      BIGINT
) $TABLE;
CREATE INDEX link_of_account ON link (account_id, created_at);

-- Organizations and people ------------------------------------------------------------------------------

CREATE TABLE organization (
    id          $ID    NOT NULL PRIMARY KEY,
    key         $TEXT  NOT NULL UNIQUE,
    legal_name  $TEXT  NOT NULL,
    country     $TEXT  NOT NULL,
    currency    $TEXT  NOT NULL,
    time_zone   $TEXT  NOT NULL,
    language    $TEXT  NOT NULL,
    tax_id      $TEXT,
    address     $TEXT  NOT NULL, -- JSON
    mail_domains $TEXT NOT NULL, -- JSON, a list
    has_document BOOLEAN NOT NULL, -- country and currency are fixed from then on (SPEC 1)
    version     BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL
) $TABLE;

CREATE TABLE person (
    organization_id $ID     NOT NULL REFERENCES organization (id),
    id              $ID     NOT NULL,
    account_id      $ID     NOT NULL REFERENCES account (id),
    mail            $TEXT   NOT NULL,
    family          $TEXT   NOT NULL,
    given           $TEXT   NOT NULL,
    family_kana     $TEXT   NOT NULL,
    given_kana      $TEXT   NOT NULL,
    family_romaji   $TEXT   NOT NULL,
    given_romaji    $TEXT   NOT NULL,
    department      $TEXT   NOT NULL,
    cost_center     $TEXT   NOT NULL,
    manager_mail    $TEXT,
    language        $TEXT,            -- NULL: the organization's
    time_zone       $TEXT,            -- NULL: the organization's
    chosen_language  $TEXT,           -- by the person; NULL: what the organization says
    chosen_time_zone $TEXT,
    chosen_theme     $TEXT,           -- NULL: the device's
    guest           BOOLEAN NOT NULL,
    active          BOOLEAN NOT NULL,
    administrator   BOOLEAN NOT NULL,
    sort_key        $TEXT   NOT NULL,
    digest          $BYTES  NOT NULL, -- of what the last import said: the same row changes nothing
    version         BIGINT  NOT NULL,
    changed_at      BIGINT  NOT NULL,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, mail)
) $TABLE;
CREATE INDEX person_of_account ON person (account_id, organization_id);
CREATE INDEX person_sorted ON person (organization_id, sort_key, id);

-- The prefixes by which people are found (SPEC 7): one row for each folded key of a person.
CREATE TABLE person_key (
    organization_id $ID   NOT NULL,
    folded          $TEXT NOT NULL,
    person_id       $ID   NOT NULL,
    PRIMARY KEY (organization_id, folded, person_id)
) $TABLE;
CREATE INDEX person_key_of_person ON person_key (organization_id, person_id);

CREATE TABLE person_group (
    organization_id $ID   NOT NULL,
    name            $TEXT NOT NULL,
    person_id       $ID   NOT NULL,
    PRIMARY KEY (organization_id, name, person_id)
) $TABLE;
CREATE INDEX person_group_of_person ON person_group (organization_id, person_id);

-- The door ----------------------------------------------------------------------------------------------

-- The first answer to each command, by its idempotency key.
CREATE TABLE command (
    organization_id $ID    NOT NULL,
    key             $TEXT  NOT NULL,
    digest          $BYTES NOT NULL,
    answer          $TEXT  NOT NULL,
    at              BIGINT NOT NULL,
    PRIMARY KEY (organization_id, key)
) $TABLE;

CREATE TABLE audit (
    organization_id $ID    NOT NULL,
    id              $ID    NOT NULL,
    at              BIGINT NOT NULL,
    actor_kind      $TEXT  NOT NULL,
    actor_id        $ID,
    action          $TEXT  NOT NULL,
    subject_kind    $TEXT  NOT NULL,
    subject_id      $ID    NOT NULL,
    facts           $TEXT  NOT NULL, -- JSON
    PRIMARY KEY (organization_id, id)
) $TABLE;
CREATE INDEX audit_by_time ON audit (organization_id, at, id);
CREATE INDEX audit_by_subject ON audit (organization_id, subject_id, at, id);

-- What is personal in a record, erasable without touching the record.
CREATE TABLE audit_private (
    organization_id $ID    NOT NULL,
    audit_id        $ID    NOT NULL,
    digest_key      $BYTES NOT NULL,
    address         $TEXT,
    agent           $TEXT,
    facts           $TEXT  NOT NULL, -- JSON
    PRIMARY KEY (organization_id, audit_id)
) $TABLE;

-- What a person typed into a form that was refused, until the page has shown it again (15 minutes).
CREATE TABLE refused_form (
    id              $ID    NOT NULL PRIMARY KEY,
    session_id      $ID,             -- NULL before signing in
    content         $TEXT  NOT NULL, -- JSON, no secrets
    created_at      BIGINT NOT NULL
) $TABLE;

-- Imports -----------------------------------------------------------------------------------------------

-- Whose addresses administer an organization, whether the people are there yet or not.
CREATE TABLE administrator (
    organization_id $ID   NOT NULL REFERENCES organization (id),
    mail            $TEXT NOT NULL,
    PRIMARY KEY (organization_id, mail)
) $TABLE;

-- People of a file, checked and waiting to be applied as a whole. Rows that change nothing are not here.
CREATE TABLE import_person (
    import_id       $ID     NOT NULL,
    line            BIGINT  NOT NULL,
    organization_id $ID     NOT NULL,
    person_id       $ID     NOT NULL,
    seen_version    BIGINT,           -- NULL: the person is new
    new_account_id  $ID     NOT NULL, -- for an address that has no account yet
    audit_id        $ID     NOT NULL,
    mail            $TEXT   NOT NULL,
    family          $TEXT   NOT NULL,
    given           $TEXT   NOT NULL,
    family_kana     $TEXT   NOT NULL,
    given_kana      $TEXT   NOT NULL,
    family_romaji   $TEXT   NOT NULL,
    given_romaji    $TEXT   NOT NULL,
    department      $TEXT   NOT NULL,
    cost_center     $TEXT   NOT NULL,
    manager_mail    $TEXT,
    language        $TEXT,
    time_zone       $TEXT,
    guest           BOOLEAN NOT NULL,
    active          BOOLEAN NOT NULL,
    sort_key        $TEXT   NOT NULL,
    digest          $BYTES  NOT NULL,
    PRIMARY KEY (import_id, organization_id, mail)
) $TABLE;

CREATE TABLE import_key (
    import_id       $ID   NOT NULL,
    organization_id $ID   NOT NULL,
    folded          $TEXT NOT NULL,
    person_id       $ID   NOT NULL,
    PRIMARY KEY (import_id, organization_id, folded, person_id)
) $TABLE;

CREATE TABLE import_group (
    import_id       $ID   NOT NULL,
    organization_id $ID   NOT NULL,
    name            $TEXT NOT NULL,
    person_id       $ID   NOT NULL,
    PRIMARY KEY (import_id, organization_id, name, person_id)
) $TABLE;
