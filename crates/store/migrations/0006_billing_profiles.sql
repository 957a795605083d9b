-- What a billing profile is called, where its bills go, and who gets its invoices by mail (SPEC 1, 5).

ALTER TABLE billing_profile ADD COLUMN name $TEXT;       -- NULL: it has none
ALTER TABLE billing_profile ADD COLUMN bill_to $TEXT;    -- JSON, domain::address::Address; NULL: the sold-to address
ALTER TABLE billing_profile ADD COLUMN recipients $TEXT NOT NULL DEFAULT '[]'; -- JSON, mail addresses; none: its owners

-- What a profile pays.
CREATE INDEX subscription_of_profile ON subscription (organization_id, billing_profile_id, id);
