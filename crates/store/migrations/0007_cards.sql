-- Payment methods of one's own: typed at the provider outside a checkout, edited, replaced, deleted (SPEC 5, Cards).

-- A place at the provider where a card is being typed or edited. What it leads to stands in `wish`.
CREATE TABLE card_setup (
    organization_id   $ID    NOT NULL REFERENCES organization (id),
    person_id         $ID    NOT NULL,
    id                $ID    NOT NULL,
    wish              $TEXT  NOT NULL, -- JSON, services::cards::CardWish
    setup             $TEXT  NOT NULL, -- JSON, payments::provider::Setup
    begun_at          BIGINT NOT NULL,
    payment_method_id $ID,             -- what came of it
    PRIMARY KEY (organization_id, person_id, id)
) $TABLE;

-- Which profiles a method pays.
CREATE INDEX billing_profile_of_method ON billing_profile (organization_id, payment_method_id, id);
