-- What publications have since server 15.
CREATE PUBLICATION filtered FOR TABLE crm.orders (id, "user") WHERE (id > 5 AND "user" <> 'x'), crm.items;
CREATE PUBLICATION whole FOR TABLES IN SCHEMA crm, "Odd ""schema";
