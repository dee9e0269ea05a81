"""What people see in a browser: views over the same services as the JSON routes, rendered on the server, one file per noun."""
