"""What is kept: documents, jobs, annotations and original bytes, with the queries that read and change them."""
