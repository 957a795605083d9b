-- The engine: what falls due and who carries it out, what is owed, what comes back, and what people are told.
--
-- Every key of a customer's table begins with the organization.

-- What falls due ------------------------------------------------------------------------------------------

-- One row for each thing that will want attention by itself: a subscription (its next day), an attempt to collect
-- money (when to ask about it), a refund (likewise). A worker claims rows for a while; whoever changes the thing
-- moves its row, in the same unit of work.
CREATE TABLE work (
    organization_id $ID     NOT NULL,
    kind            $TEXT   NOT NULL, -- store::work::Kind
    subject_id      $ID     NOT NULL,
    due_at          BIGINT  NOT NULL,
    held            BOOLEAN NOT NULL, -- the organization is on a test clock: workers leave it alone (SPEC 3)
    worker          $ID,              -- who has claimed it
    claimed_until   BIGINT,
    tries           BIGINT  NOT NULL, -- how often it failed in a row
    aside_at        BIGINT,           -- since when it is set aside: it stops nobody
    reason          $TEXT,            -- why
    PRIMARY KEY (organization_id, kind, subject_id)
) $TABLE;
CREATE INDEX work_due ON work (due_at, organization_id, kind, subject_id) WHERE aside_at IS NULL AND NOT held;
CREATE INDEX work_of_worker ON work (worker, organization_id, kind, due_at, subject_id) WHERE worker IS NOT NULL;

DROP INDEX payment_attempt_open;
INSERT INTO work (organization_id, kind, subject_id, due_at, held, worker, claimed_until, tries, aside_at, reason)
    SELECT organization_id, 'attempt', id, ask_at, FALSE, NULL, NULL, 0, NULL, NULL
    FROM payment_attempt WHERE settled_at IS NULL;
ALTER TABLE payment_attempt DROP COLUMN ask_at;
CREATE INDEX payment_attempt_of_document ON payment_attempt (organization_id, document_id, created_at, id)
    WHERE document_id IS NOT NULL;
-- One attempt at a time for a document.
CREATE UNIQUE INDEX payment_attempt_open ON payment_attempt (organization_id, document_id)
    WHERE document_id IS NOT NULL AND settled_at IS NULL;

-- Organizations -------------------------------------------------------------------------------------------

-- The day on an organization's test clock; NULL: it lives in real time (SPEC 3).
ALTER TABLE organization ADD COLUMN test_clock $TEXT;

-- Subscriptions -------------------------------------------------------------------------------------------

DROP INDEX subscription_due;
ALTER TABLE subscription ADD COLUMN billed_to $TEXT;          -- a date: the first day that is not invoiced; NULL: a trial
ALTER TABLE subscription ADD COLUMN waiting BIGINT NOT NULL DEFAULT 0; -- seats that wait for their payment
ALTER TABLE subscription ADD COLUMN scheduled $TEXT;          -- JSON, store::subscriptions::Scheduled; NULL: nothing
ALTER TABLE subscription ADD COLUMN renewal_price_id $ID;     -- the price that its renewal takes, once that is fixed
ALTER TABLE subscription ADD COLUMN owes_document_id $ID;     -- the invoice that is not paid yet
ALTER TABLE subscription ADD COLUMN dunning $TEXT;            -- JSON, domain::agenda::Dunning; NULL: nothing has failed
ALTER TABLE subscription ADD COLUMN told_to $TEXT;            -- a date: what is announced on or before it was announced
-- So far every subscription was paid up to the end of its first period, and nothing was announced.
UPDATE subscription SET billed_to = ends_on, told_to = '2000-01-01'
    WHERE status IN ('active', 'scheduled');

-- A purchase of seats that a renewal replaced, or that ended with its subscription.
ALTER TABLE seat_purchase ADD COLUMN ended_on $TEXT;          -- a date; NULL: held

-- One trial for each product and organization; an operator can grant more (SPEC 5, Trials). The number counts them:
-- of two that start at once, one finds its number taken.
CREATE TABLE trial (
    organization_id $ID    NOT NULL,
    product_id      $ID    NOT NULL,
    number          BIGINT NOT NULL, -- 1 for the first
    subscription_id $ID    NOT NULL,
    started_at      BIGINT NOT NULL,
    PRIMARY KEY (organization_id, product_id, number),
    UNIQUE (organization_id, subscription_id)
) $TABLE;

-- Orders --------------------------------------------------------------------------------------------------

-- What the order is for, and which subscription it changes where it is not a new one.
ALTER TABLE orders ADD COLUMN kind $TEXT NOT NULL DEFAULT 'purchase'; -- domain::order::OrderKind
ALTER TABLE orders ADD COLUMN subscription_id $ID;
ALTER TABLE orders ADD COLUMN converts BOOLEAN NOT NULL DEFAULT FALSE; -- a trial that becomes its choice at the end
CREATE INDEX orders_of_subscription ON orders (organization_id, subscription_id, created_at, id)
    WHERE subscription_id IS NOT NULL;

-- Documents -----------------------------------------------------------------------------------------------

ALTER TABLE document ADD COLUMN kind $TEXT NOT NULL DEFAULT 'invoice'; -- domain::document::Kind
ALTER TABLE document ADD COLUMN corrects_id $ID;              -- the invoice that a credit note corrects
ALTER TABLE document ADD COLUMN due_on $TEXT;                 -- a date; NULL: paid before it was written
-- Where the money of an invoice stands (domain::credit::InvoiceStanding): gross is what was invoiced.
ALTER TABLE document ADD COLUMN lowered BIGINT NOT NULL DEFAULT 0 CHECK (lowered >= 0);
ALTER TABLE document ADD COLUMN paid BIGINT NOT NULL DEFAULT 0 CHECK (paid >= 0);
ALTER TABLE document ADD COLUMN returned BIGINT NOT NULL DEFAULT 0 CHECK (returned >= 0);
-- So far every invoice was paid before it was written.
UPDATE document SET paid = gross;
CREATE INDEX document_of_subscription ON document (organization_id, subscription_id, written_at, id);
CREATE INDEX document_correcting ON document (organization_id, corrects_id, written_at, id)
    WHERE corrects_id IS NOT NULL;

-- Credit and refunds --------------------------------------------------------------------------------------

-- What is kept for a billing profile and used before its card. The books say the same (SPEC 4, Credit).
CREATE TABLE profile_credit (
    organization_id    $ID    NOT NULL,
    billing_profile_id $ID    NOT NULL,
    currency           $TEXT  NOT NULL,
    amount             BIGINT NOT NULL,
    PRIMARY KEY (organization_id, billing_profile_id, currency),
    FOREIGN KEY (organization_id, billing_profile_id) REFERENCES billing_profile (organization_id, id),
    CHECK (amount >= 0)
) $TABLE;

-- Money on its way back to the card that paid: written before the provider is asked, and again when it has answered.
CREATE TABLE refund (
    organization_id    $ID    NOT NULL,
    id                 $ID    NOT NULL, -- the key of the refund at the provider
    document_id        $ID,             -- the credit note; NULL: a payment for what is no longer possible
    payment_attempt_id $ID    NOT NULL, -- what is given back, all or a part of it
    amount             BIGINT NOT NULL,
    currency           $TEXT  NOT NULL,
    outcome            $TEXT,           -- JSON, payments::provider::RefundOutcome; NULL while nothing is known
    created_at         BIGINT NOT NULL,
    settled_at         BIGINT,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, document_id) REFERENCES document (organization_id, id),
    FOREIGN KEY (organization_id, payment_attempt_id) REFERENCES payment_attempt (organization_id, id),
    CHECK (amount > 0)
) $TABLE;
CREATE INDEX refund_of_document ON refund (organization_id, document_id, created_at, id);
CREATE INDEX refund_of_attempt ON refund (organization_id, payment_attempt_id, created_at, id);

-- What people are told ------------------------------------------------------------------------------------

-- Written in the unit of work that is its cause, and delivered afterwards.
CREATE TABLE notice (
    organization_id $ID    NOT NULL,
    id              $ID    NOT NULL,
    kind            $TEXT  NOT NULL, -- store::notices::NoticeKind
    audience        $TEXT  NOT NULL, -- store::notices::Audience
    person_id       $ID,             -- whom, where it is one person
    subject_kind    $TEXT  NOT NULL,
    subject_id      $ID    NOT NULL,
    facts           $TEXT  NOT NULL, -- JSON
    at              BIGINT NOT NULL,
    delivered_at    BIGINT,
    PRIMARY KEY (organization_id, id)
) $TABLE;
CREATE INDEX notice_of_subject ON notice (organization_id, subject_id, at, id);
CREATE INDEX notice_waiting ON notice (at, organization_id, id) WHERE delivered_at IS NULL;
