-- Run once by the image, as superuser, when the data volume is empty. The tables come later, from `watchdesk db upgrade`.
\set watchdesk_password `cat /run/secrets/watchdesk_password`
\set analyst_password `cat /run/secrets/analyst_password`

-- The program owns its database and nothing else.
CREATE ROLE watchdesk LOGIN PASSWORD :'watchdesk_password';
ALTER DATABASE watchdesk OWNER TO watchdesk;
REVOKE ALL ON DATABASE watchdesk FROM PUBLIC;

-- People read. The migrations grant the group what it may see; the limits keep one query from stopping the desk.
CREATE ROLE watchdesk_analyst NOLOGIN;
GRANT CONNECT ON DATABASE watchdesk TO watchdesk_analyst;
CREATE ROLE analyst LOGIN PASSWORD :'analyst_password' CONNECTION LIMIT 20 IN ROLE watchdesk_analyst;
ALTER ROLE analyst SET default_transaction_read_only = on;
ALTER ROLE analyst SET statement_timeout = '60s';
ALTER ROLE analyst SET idle_in_transaction_session_timeout = '5min';
