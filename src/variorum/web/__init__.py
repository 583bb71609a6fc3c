"""Templates, styles and scripts of the report and of the server's pages."""
