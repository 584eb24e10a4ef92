"""What respondents read, in their own languages."""
