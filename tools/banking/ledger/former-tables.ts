/** What brings the tables of SQLite files from before one module kept all of the bank into those of today. */
export const TAKE_OVER = `
  INSERT INTO bank_accounts (id, owner, name, iban, currency, position, minimum, posted)
    SELECT id, owner, name, iban, currency, position, minimum, posted FROM accounts;
  INSERT INTO bank_entries (id, key, request, kind, at, date, voids, result)
    SELECT id, key, request, kind, at, date, voids, result FROM entries ORDER BY id;
  INSERT INTO bank_postings (entry, account, amount, date, counterparty, description, category, search)
    SELECT entry, account, amount, date, counterparty, description, category, search FROM postings;
  INSERT INTO bank_outgoing (entry, owner, iban, currency, amount, at)
    SELECT entry, owner, iban, currency, amount, at FROM outgoing;
  INSERT INTO bank_customers (id, name, segment, riskProfile, birthYear, codeHash, usedBy)
    SELECT id, name, segment, riskProfile, birthYear, codeHash, usedBy FROM customers;
  INSERT INTO bank_links (person, customer, linkedAt) SELECT person, customer, linkedAt FROM links;
  INSERT INTO bank_payees (customer, iban, name, key, request, addedAt)
    SELECT customer, iban, name, key, request, addedAt FROM payees;
  DROP TABLE payees;
  DROP TABLE links;
  DROP TABLE customers;
  DROP TABLE outgoing;
  DROP TABLE postings;
  DROP TABLE entries;
  DROP TABLE accounts;
  -- A Parley from before says that a newer one wrote the file, instead of beginning a bank beside this one.
  UPDATE schema_versions SET version = version + 1 WHERE module IN ('ledger', 'customers');`;
