-- Says that the server refused the statement of the file $1 that began last.
UPDATE schemacast.migrations AS m
   SET state = 'failed'
 WHERE m.file = $1
   AND m.state = 'started'
