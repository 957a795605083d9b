-- What was found by reading everything of an organization, or of all of them.

-- Free seats of a product, for the people of a subscription that ends.
CREATE INDEX subscription_of_product ON subscription (organization_id, product_id, id);

-- What somebody held who comes back.
CREATE INDEX freed_assignment_of_person ON freed_assignment (organization_id, person_id, id);

-- What was set aside: nearly nothing, ever.
CREATE INDEX work_aside ON work (aside_at, organization_id, kind, subject_id) WHERE aside_at IS NOT NULL;
