/** What an organization is called until somebody names it. Apart from the schemas: the page needs the name and not their library. */
export const unnamedOrganization = "My organization";
