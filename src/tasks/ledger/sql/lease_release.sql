DELETE FROM schemacast.lease AS l WHERE l.token = $1
