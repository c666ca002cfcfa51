/**
 * What skills of personas mean, in words that others use too.
 *
 * Source: O*NET Database, content model reference (element ids and names), U.S. Department of Labor, Employment and Training
 * Administration, CC BY 4.0. The selection and the keys beside the elements are ours.
 */

/** Elements of the content model that our skills name: skills (2.A, 2.B), knowledge (2.C), work activities (4.A). */
export const onetElements: { readonly [id: string]: string } = {
  "2.A.1.a": "Reading Comprehension",
  "2.A.1.b": "Active Listening",
  "2.A.1.c": "Writing",
  "2.A.1.d": "Speaking",
  "2.A.1.e": "Mathematics",
  "2.A.1.f": "Science",
  "2.A.2.a": "Critical Thinking",
  "2.A.2.b": "Active Learning",
  "2.A.2.c": "Learning Strategies",
  "2.A.2.d": "Monitoring",
  "2.B.1.a": "Social Perceptiveness",
  "2.B.1.b": "Coordination",
  "2.B.1.c": "Persuasion",
  "2.B.1.d": "Negotiation",
  "2.B.1.e": "Instructing",
  "2.B.1.f": "Service Orientation",
  "2.B.2.i": "Complex Problem Solving",
  "2.B.3.a": "Operations Analysis",
  "2.B.3.b": "Technology Design",
  "2.B.3.e": "Programming",
  "2.B.3.g": "Operations Monitoring",
  "2.B.3.k": "Troubleshooting",
  "2.B.3.m": "Quality Control Analysis",
  "2.B.4.e": "Judgment and Decision Making",
  "2.B.4.g": "Systems Analysis",
  "2.B.4.h": "Systems Evaluation",
  "2.B.5.a": "Time Management",
  "2.B.5.b": "Management of Financial Resources",
  "2.B.5.d": "Management of Personnel Resources",
  "2.C.1.a": "Administration and Management",
  "2.C.1.b": "Administrative",
  "2.C.1.c": "Economics and Accounting",
  "2.C.1.d": "Sales and Marketing",
  "2.C.1.e": "Customer and Personal Service",
  "2.C.3.a": "Computers and Electronics",
  "2.C.3.b": "Engineering and Technology",
  "2.C.3.c": "Design",
  "2.C.4.a": "Mathematics",
  "2.C.4.e": "Psychology",
  "2.C.6": "Education and Training",
  "2.C.7.a": "English Language",
  "2.C.8.a": "Public Safety and Security",
  "2.C.8.b": "Law and Government",
  "2.C.9.b": "Communications and Media",
  "4.A.1.a.1": "Getting Information",
  "4.A.1.b.1": "Identifying Objects, Actions, and Events",
  "4.A.1.b.3": "Estimating the Quantifiable Characteristics of Products, Events, or Information",
  "4.A.2.a.1": "Judging the Qualities of Objects, Services, or People",
  "4.A.2.a.2": "Processing Information",
  "4.A.2.a.3": "Evaluating Information to Determine Compliance with Standards",
  "4.A.2.a.4": "Analyzing Data or Information",
  "4.A.2.b.1": "Making Decisions and Solving Problems",
  "4.A.2.b.2": "Thinking Creatively",
  "4.A.2.b.3": "Updating and Using Relevant Knowledge",
  "4.A.2.b.4": "Developing Objectives and Strategies",
  "4.A.2.b.5": "Scheduling Work and Activities",
  "4.A.2.b.6": "Organizing, Planning, and Prioritizing Work",
  "4.A.3.b.1": "Working with Computers",
  "4.A.3.b.6": "Documenting/Recording Information",
  "4.A.4.a.1": "Interpreting the Meaning of Information for Others",
  "4.A.4.a.2": "Communicating with Supervisors, Peers, or Subordinates",
  "4.A.4.a.3": "Communicating with People Outside the Organization",
  "4.A.4.a.7": "Resolving Conflicts and Negotiating with Others",
  "4.A.4.a.8": "Performing for or Working Directly with the Public",
  "4.A.4.b.3": "Training and Teaching Others",
  "4.A.4.b.6": "Providing Consultation and Advice to Others",
  "4.A.4.c.1": "Performing Administrative Activities",
  "4.A.4.c.3": "Monitoring and Controlling Resources",
};

/** Keys that playbooks and assignment use, each with the elements it stands for. */
const tradeSkills: { readonly [skill: string]: readonly string[] } = {
  systems_design: ["2.B.4.g", "2.B.3.b"],
  software_architecture: ["2.B.4.g", "2.B.4.h", "2.C.3.b"],
  interface_design: ["2.B.3.b", "2.C.3.c"],
  accessibility: ["2.B.3.a", "2.C.3.c"],
  backend_development: ["2.B.3.e", "2.C.3.a"],
  data_modeling: ["2.B.4.g", "2.C.3.a"],
  platform_engineering: ["2.B.3.g", "2.B.3.k", "2.C.3.a"],
  testing: ["2.B.3.m", "4.A.2.a.1"],
  integration_testing: ["2.B.3.m", "2.B.3.k"],
  code_analysis: ["2.B.4.h", "2.B.3.e"],
  repository_history: ["4.A.2.a.4", "4.A.1.a.1"],
  application_security: ["2.C.8.a", "2.C.3.a"],
  supply_chain: ["4.A.2.a.3", "2.C.3.a"],
  risk_assessment: ["2.B.4.e", "4.A.2.a.1"],
  technical_writing: ["2.A.1.c", "4.A.3.b.6"],
  general_work: ["2.A.2.a", "4.A.2.b.6"],
  proof_reading: ["2.A.1.a", "2.C.7.a"],
  data_analysis: ["4.A.2.a.4", "2.C.4.a"],
  user_research: ["2.B.1.a", "4.A.1.a.1"],
  project_planning: ["4.A.2.b.6", "2.B.5.a"],
  estimation: ["4.A.1.b.3", "2.A.1.e"],
  capacity_planning: ["4.A.2.b.5", "4.A.4.c.3"],
  delivery_reporting: ["4.A.4.a.2", "2.A.2.d"],
  project_risk: ["2.B.4.e", "4.A.1.b.1"],
  financial_control: ["2.B.5.b", "2.C.1.c"],
  policy_drafting: ["2.A.1.c", "2.C.8.b"],
  compliance_checking: ["4.A.2.a.3", "2.C.8.b"],
  control_mapping: ["4.A.2.a.3", "4.A.2.a.2"],
  process_analysis: ["2.B.3.a", "2.B.4.h"],
  privacy: ["2.C.8.b", "2.C.8.a"],
  training_design: ["2.C.6", "4.A.4.b.3"],
  contract_analysis: ["2.A.1.a", "2.C.8.b"],
  contract_drafting: ["2.A.1.c", "2.C.8.b", "2.B.1.d"],
  legal_research: ["4.A.1.a.1", "2.C.8.b"],
  regulatory_advice: ["4.A.4.b.6", "2.C.8.b"],
  licence_review: ["4.A.2.a.3", "2.C.8.b"],
  issue_resolution: ["2.B.3.k", "2.C.1.e"],
  knowledge_upkeep: ["4.A.2.b.3", "4.A.3.b.6"],
  escalation_judgement: ["2.B.4.e", "2.B.1.f"],
  customer_feedback: ["2.A.1.b", "4.A.2.a.4"],
  incident_communication: ["4.A.4.a.3", "2.A.1.d"],
  portfolio_strategy: ["4.A.2.b.4", "2.B.4.e"],
  forecasting: ["4.A.1.b.3", "2.C.4.a"],
  market_analysis: ["2.C.1.d", "4.A.2.a.4"],
  financial_analysis: ["2.C.1.c", "4.A.2.a.4"],
  decision_support: ["4.A.4.b.6", "2.A.2.a"],
  scenario_planning: ["4.A.2.b.4", "2.B.2.i"],
};

export interface OnetElement {
  readonly id: string;
  readonly name: string;
}

const keyOf = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]+/gu, "_");

// The first of two elements with one name gives the key its meaning: a skill before the knowledge of the same name.
const byName = new Map(
  Object.entries(onetElements)
    .toReversed()
    .map(([id, name]) => [keyOf(name), id] as const),
);

/** What a skill means in O*NET's words: itself where it is named as an element, else what it stands for; empty: it is a word of one's own. */
export function skillElements(skill: string): readonly OnetElement[] {
  const itself = byName.get(skill);
  const ids = itself === undefined ? (Object.hasOwn(tradeSkills, skill) ? (tradeSkills[skill] ?? []) : []) : [itself];
  return ids.map((id) => ({ id, name: onetElements[id] ?? "" }));
}

/** Every key of a skill that has a meaning here. */
export const knownSkills: readonly string[] = [...byName.keys(), ...Object.keys(tradeSkills)];
