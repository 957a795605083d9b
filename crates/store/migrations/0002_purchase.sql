-- The purchase: orders and what pays them, subscriptions, documents, the books, licenses.
--
-- Every key of a customer's table begins with the organization. The exception is number_series with document's
-- unique number: an issuer numbers the documents of all its customers without gaps (SPEC 5).

-- Who pays ------------------------------------------------------------------------------------------------

-- An organization has one central account; a person who buys for themself gets one of their own (SPEC 1).
CREATE TABLE billing_account (
    organization_id $ID    NOT NULL REFERENCES organization (id),
    id              $ID    NOT NULL,
    kind            $TEXT  NOT NULL, -- central, personal
    made_by         $ID    NOT NULL, -- a person
    created_at      BIGINT NOT NULL,
    version         BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
) $TABLE;
CREATE UNIQUE INDEX billing_account_central ON billing_account (organization_id) WHERE kind = 'central';
CREATE UNIQUE INDEX billing_account_personal ON billing_account (organization_id, made_by)
    WHERE kind = 'personal';

CREATE TABLE billing_account_role (
    organization_id    $ID    NOT NULL,
    billing_account_id $ID    NOT NULL,
    person_id          $ID    NOT NULL,
    role               $TEXT  NOT NULL, -- owner, contributor, reader
    granted_at         BIGINT NOT NULL,
    PRIMARY KEY (organization_id, billing_account_id, person_id),
    FOREIGN KEY (organization_id, billing_account_id) REFERENCES billing_account (organization_id, id)
) $TABLE;
CREATE INDEX billing_account_role_of_person ON billing_account_role (organization_id, person_id);

-- A token at the provider, never a number. It belongs to who added it (SPEC 5, Cards).
CREATE TABLE payment_method (
    organization_id $ID    NOT NULL,
    id              $ID    NOT NULL,
    person_id       $ID    NOT NULL,
    provider        $TEXT  NOT NULL,
    token           $TEXT  NOT NULL,
    card            $TEXT  NOT NULL, -- JSON, payments::provider::Card
    added_at        BIGINT NOT NULL,
    removed_at      BIGINT,
    version         BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, provider, token)
) $TABLE;
CREATE INDEX payment_method_of_person ON payment_method (organization_id, person_id, added_at, id);

CREATE TABLE billing_profile (
    organization_id    $ID    NOT NULL,
    id                 $ID    NOT NULL,
    billing_account_id $ID    NOT NULL,
    currency           $TEXT  NOT NULL,
    payment_method_id  $ID,
    purchase_order     $TEXT,           -- the customer's own reference
    created_at         BIGINT NOT NULL,
    version            BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, billing_account_id) REFERENCES billing_account (organization_id, id),
    FOREIGN KEY (organization_id, payment_method_id) REFERENCES payment_method (organization_id, id)
) $TABLE;
CREATE INDEX billing_profile_of_account
    ON billing_profile (organization_id, billing_account_id, created_at, id);

CREATE TABLE billing_profile_role (
    organization_id    $ID    NOT NULL,
    billing_profile_id $ID    NOT NULL,
    person_id          $ID    NOT NULL,
    role               $TEXT  NOT NULL, -- owner, contributor, reader, invoice-manager
    granted_at         BIGINT NOT NULL,
    PRIMARY KEY (organization_id, billing_profile_id, person_id),
    FOREIGN KEY (organization_id, billing_profile_id) REFERENCES billing_profile (organization_id, id)
) $TABLE;
CREATE INDEX billing_profile_role_of_person ON billing_profile_role (organization_id, person_id);

-- Orders --------------------------------------------------------------------------------------------------

-- A wish to buy, from the choice to the receipt. "order" is a word of SQL's.
CREATE TABLE orders (
    organization_id   $ID    NOT NULL REFERENCES organization (id),
    id                $ID    NOT NULL,
    person_id         $ID    NOT NULL, -- who buys
    channel           $TEXT  NOT NULL, -- domain::subscription::Channel
    choice            $TEXT  NOT NULL, -- JSON, domain::order::Choice
    payment           $TEXT  NOT NULL, -- JSON, which card
    status            $TEXT  NOT NULL, -- domain::order::OrderStatus
    state             $TEXT  NOT NULL, -- JSON, domain::order::OrderState
    -- What was confirmed; NULL before.
    plan_id           $ID    REFERENCES plan (id),
    price_id          $ID    REFERENCES price (id),
    quote             $TEXT,           -- JSON, domain::quote::PurchaseQuote
    agreed            $TEXT,           -- JSON, the versions of the texts that were agreed to
    created_at        BIGINT NOT NULL,
    changed_at        BIGINT NOT NULL,
    version           BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
) $TABLE;
CREATE INDEX orders_of_person ON orders (organization_id, person_id, created_at, id);

-- One attempt to collect money: written before the provider is asked, and again when it has answered.
CREATE TABLE payment_attempt (
    organization_id    $ID     NOT NULL,
    id                 $ID     NOT NULL, -- the key of the charge at the provider
    order_id           $ID,              -- a purchase that it pays, or
    document_id        $ID,              -- a document that was there before
    person_id          $ID,              -- who pays; NULL: the machine, for a renewal
    quote_seal         $TEXT,            -- the name by which its quote was confirmed
    provider           $TEXT   NOT NULL,
    card               $TEXT   NOT NULL, -- JSON, payments::provider::Card, as it was then
    payment_method_id  $ID,              -- NULL: a card that becomes a payment method when it has paid
    amount             BIGINT  NOT NULL,
    currency           $TEXT   NOT NULL,
    on_session         BOOLEAN NOT NULL,
    outcome            $TEXT,            -- JSON, payments::provider::ChargeOutcome; NULL while nothing is known
    created_at         BIGINT  NOT NULL,
    ask_at             BIGINT  NOT NULL, -- when the machine asks the provider next
    settled_at         BIGINT,           -- since when the outcome is final and its effects are written
    version            BIGINT  NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id)
) $TABLE;
CREATE INDEX payment_attempt_open ON payment_attempt (ask_at, organization_id, id) WHERE settled_at IS NULL;
CREATE INDEX payment_attempt_of_order ON payment_attempt (organization_id, order_id, created_at, id);

-- Subscriptions -------------------------------------------------------------------------------------------

CREATE TABLE subscription (
    organization_id    $ID    NOT NULL,
    id                 $ID    NOT NULL,
    product_id         $ID    NOT NULL REFERENCES product (id),
    plan_id            $ID    NOT NULL REFERENCES plan (id),
    price_id           $ID    NOT NULL REFERENCES price (id), -- a term keeps its price (SPEC 5)
    billing_profile_id $ID    NOT NULL,
    order_id           $ID    NOT NULL,
    purchaser_id       $ID    NOT NULL, -- a person
    channel            $TEXT  NOT NULL, -- domain::subscription::Channel
    status             $TEXT  NOT NULL, -- domain::subscription::Status
    state              $TEXT  NOT NULL, -- JSON, domain::subscription::State
    ends_on            $TEXT  NOT NULL, -- a date: the first day after the term that runs, or ran last
    next_on            $TEXT,           -- a date: when something changes by itself
    seats              BIGINT NOT NULL,
    assigned           BIGINT NOT NULL,
    created_at         BIGINT NOT NULL,
    changed_at         BIGINT NOT NULL,
    version            BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, billing_profile_id) REFERENCES billing_profile (organization_id, id),
    FOREIGN KEY (organization_id, order_id) REFERENCES orders (organization_id, id),
    CHECK (seats >= 1),
    CHECK (assigned >= 0 AND assigned <= seats)
) $TABLE;
CREATE INDEX subscription_due ON subscription (next_on, organization_id, id) WHERE next_on IS NOT NULL;

-- Who manages it: who bought it or took it over, and co-managers.
CREATE TABLE subscription_manager (
    organization_id $ID    NOT NULL,
    subscription_id $ID    NOT NULL,
    person_id       $ID    NOT NULL,
    since           BIGINT NOT NULL,
    PRIMARY KEY (organization_id, subscription_id, person_id),
    FOREIGN KEY (organization_id, subscription_id) REFERENCES subscription (organization_id, id)
) $TABLE;
CREATE INDEX subscription_manager_of_person
    ON subscription_manager (organization_id, person_id, subscription_id);

-- One purchase of seats, with its own window in which they can be given back (SPEC 5, Seats).
CREATE TABLE seat_purchase (
    organization_id $ID    NOT NULL,
    id              $ID    NOT NULL,
    subscription_id $ID    NOT NULL,
    document_id     $ID    NOT NULL, -- the invoice that charged them
    cause           $TEXT  NOT NULL, -- start, renewal, increase
    seats           BIGINT NOT NULL,
    given_back      BIGINT NOT NULL,
    bought_on       $TEXT  NOT NULL, -- a date
    refund_until    $TEXT  NOT NULL, -- a date: the last day of the window
    at              BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, subscription_id) REFERENCES subscription (organization_id, id),
    CHECK (given_back >= 0 AND given_back <= seats)
) $TABLE;
CREATE INDEX seat_purchase_of_subscription ON seat_purchase (organization_id, subscription_id, at, id);

-- Documents and the books ---------------------------------------------------------------------------------

-- Written complete and unnumbered with the event that causes it; the numberer issues it (SPEC 5).
CREATE TABLE document (
    organization_id    $ID    NOT NULL,
    id                 $ID    NOT NULL,
    issuer_key         $TEXT  NOT NULL,
    series             $TEXT  NOT NULL, -- domain::document::Series
    billing_profile_id $ID    NOT NULL,
    subscription_id    $ID,
    order_id           $ID,
    running            BIGINT,          -- its place in the series; NULL until it is issued
    number             $TEXT,
    issued_on          $TEXT,           -- a date
    content            $TEXT  NOT NULL, -- JSON, domain::document::Contents
    currency           $TEXT  NOT NULL,
    net                BIGINT NOT NULL,
    tax                BIGINT NOT NULL,
    gross              BIGINT NOT NULL,
    written_at         BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, billing_profile_id) REFERENCES billing_profile (organization_id, id),
    CHECK (gross = net + tax)
) $TABLE;
CREATE UNIQUE INDEX document_running ON document (issuer_key, series, running) WHERE running IS NOT NULL;
CREATE INDEX document_waiting ON document (issuer_key, series, written_at, id) WHERE running IS NULL;
CREATE INDEX document_of_profile ON document (organization_id, billing_profile_id, issued_on, id);
CREATE INDEX document_of_order ON document (organization_id, order_id, id);

CREATE TABLE number_series (
    issuer_key $TEXT  NOT NULL,
    series     $TEXT  NOT NULL,
    next       BIGINT NOT NULL, -- the number that the next document gets
    PRIMARY KEY (issuer_key, series)
) $TABLE;

-- Entries that were made together and add up to nothing in each currency. Never changed (SPEC 4, Books).
CREATE TABLE posting (
    organization_id    $ID    NOT NULL,
    id                 $ID    NOT NULL,
    issuer_key         $TEXT  NOT NULL,
    cause              $TEXT  NOT NULL, -- invoice, payment
    document_id        $ID,
    payment_attempt_id $ID,
    on_day             $TEXT  NOT NULL, -- a date in the organization's calendar
    at                 BIGINT NOT NULL,
    PRIMARY KEY (organization_id, id)
) $TABLE;
CREATE INDEX posting_of_document ON posting (organization_id, document_id, id);

CREATE TABLE entry (
    organization_id $ID    NOT NULL,
    posting_id      $ID    NOT NULL,
    position        BIGINT NOT NULL,
    account         $TEXT  NOT NULL, -- domain::ledger::Account
    currency        $TEXT  NOT NULL,
    amount          BIGINT NOT NULL, -- a debit is positive, a credit negative
    PRIMARY KEY (organization_id, posting_id, position),
    FOREIGN KEY (organization_id, posting_id) REFERENCES posting (organization_id, id),
    CHECK (amount <> 0)
) $TABLE;
CREATE INDEX entry_of_account ON entry (organization_id, account, currency);

-- Licenses ------------------------------------------------------------------------------------------------

-- One product for one person, drawn from one subscription. Once per product (SPEC 5, Assigning).
CREATE TABLE assignment (
    organization_id $ID    NOT NULL,
    product_id      $ID    NOT NULL,
    person_id       $ID    NOT NULL,
    id              $ID    NOT NULL,
    subscription_id $ID    NOT NULL,
    source          $TEXT  NOT NULL, -- domain::license::AssignmentSource
    assigned_at     BIGINT NOT NULL,
    assigned_by     $ID,             -- a person; NULL: the machine
    PRIMARY KEY (organization_id, product_id, person_id),
    FOREIGN KEY (organization_id, subscription_id) REFERENCES subscription (organization_id, id),
    FOREIGN KEY (organization_id, person_id) REFERENCES person (organization_id, id)
) $TABLE;
CREATE INDEX assignment_of_subscription ON assignment (organization_id, subscription_id, assigned_at, id);
CREATE INDEX assignment_of_person ON assignment (organization_id, person_id, product_id);

-- What somebody held when they left: it comes back if they do within 30 days and a seat is free (SPEC 5).
CREATE TABLE freed_assignment (
    organization_id $ID    NOT NULL,
    product_id      $ID    NOT NULL,
    person_id       $ID    NOT NULL,
    id              $ID    NOT NULL,
    subscription_id $ID    NOT NULL,
    source          $TEXT  NOT NULL,
    assigned_at     BIGINT NOT NULL,
    assigned_by     $ID,
    freed_at        BIGINT NOT NULL,
    PRIMARY KEY (organization_id, product_id, person_id)
) $TABLE;
