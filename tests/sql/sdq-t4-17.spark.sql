-- Strengths and Difficulties Questionnaire, teacher, ages 4-17: scores for Spark SQL
-- definition sdq-t4-17 version 1, SHA-256
-- 3605d4ecfdbd896abaeae8942c9b8cc241d6783df0d2f89d6fd47eeabd0eba89; bandwise 0.1.0
-- bands `four`: ShaneHed13/SDQ_Scorer and PMC4830858 Table 1: two sources, which agree
-- choice impact-rule: keep
-- optional parts of the form that the table has: none
-- source of impact: ports of the official Stata and R syntax: items, recoding and gate agree, a blank first question
--   does not (see the choice below)
-- source of internalising: both broad scales: five or more sources, which agree; when to use them: Goodman, Lamping &
--   Ploubidis 2010
-- source of missing: Scoring the SDQ for age 4-17 (Youthinmind, 19 August 2014); halves go up as in ports of the
--   official R and Stata syntax
-- source of scoring: the official syntax at www.sdqinfo.org (c1, c2, c3): its list of items and first part; the rest
--   from six or more public ports, which agree
-- source of total: the sum of four rounded scores, absent if one is, as in ports of the official syntax
-- Screening, not diagnosis: a score says where to look, not what is the matter.
-- This form has no question about self-harm or suicide: a low score says nothing about it.
--
-- A row of the table is one form. Question columns hold the form's own codes, as numbers or as text; anything else
--   counts as no answer, as a refused cell does in `bandwise score`.
-- Columns are those of `bandwise score -o FILE.csv`: a score is NULL where there is none, and its note says why or how
--   it was estimated. All arithmetic is in whole numbers.
CREATE OR REPLACE VIEW `sdq_t4_17` AS
WITH
-- What stands in each cell, as text: NULL where it is blank; 02 and 2.0 are 2.
`cells` AS (
  SELECT
    `pupil_id`,
    nullif(regexp_replace(trim(CAST(`consid` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `consid`,
    nullif(regexp_replace(trim(CAST(`restles` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `restles`,
    nullif(regexp_replace(trim(CAST(`somatic` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `somatic`,
    nullif(regexp_replace(trim(CAST(`shares` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `shares`,
    nullif(regexp_replace(trim(CAST(`tantrum` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `tantrum`,
    nullif(regexp_replace(trim(CAST(`loner` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `loner`,
    nullif(regexp_replace(trim(CAST(`obeys` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `obeys`,
    nullif(regexp_replace(trim(CAST(`worries` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `worries`,
    nullif(regexp_replace(trim(CAST(`caring` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `caring`,
    nullif(regexp_replace(trim(CAST(`fidgety` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `fidgety`,
    nullif(regexp_replace(trim(CAST(`friend` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `friend`,
    nullif(regexp_replace(trim(CAST(`fights` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `fights`,
    nullif(regexp_replace(trim(CAST(`unhappy` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `unhappy`,
    nullif(regexp_replace(trim(CAST(`popular` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `popular`,
    nullif(regexp_replace(trim(CAST(`distrac` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `distrac`,
    nullif(regexp_replace(trim(CAST(`clingy` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `clingy`,
    nullif(regexp_replace(trim(CAST(`kind` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `kind`,
    nullif(regexp_replace(trim(CAST(`lies` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `lies`,
    nullif(regexp_replace(trim(CAST(`bullied` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `bullied`,
    nullif(regexp_replace(trim(CAST(`helpout` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `helpout`,
    nullif(regexp_replace(trim(CAST(`reflect` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `reflect`,
    nullif(regexp_replace(trim(CAST(`steals` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `steals`,
    nullif(regexp_replace(trim(CAST(`oldbest` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `oldbest`,
    nullif(regexp_replace(trim(CAST(`afraid` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `afraid`,
    nullif(regexp_replace(trim(CAST(`attends` AS STRING)), '^[+]?0*([0-9]+)([.]0*)?$', '$1'), '') AS `attends`
  FROM `responses`
),
-- The answers: a code of the form, or NULL for no answer.
`answers` AS (
  SELECT
    `pupil_id`,
    CASE `consid` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `consid`,
    CASE `restles` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `restles`,
    CASE `somatic` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `somatic`,
    CASE `shares` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `shares`,
    CASE `tantrum` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `tantrum`,
    CASE `loner` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `loner`,
    CASE `obeys` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `obeys`,
    CASE `worries` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `worries`,
    CASE `caring` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `caring`,
    CASE `fidgety` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `fidgety`,
    CASE `friend` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `friend`,
    CASE `fights` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `fights`,
    CASE `unhappy` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `unhappy`,
    CASE `popular` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `popular`,
    CASE `distrac` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `distrac`,
    CASE `clingy` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `clingy`,
    CASE `kind` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `kind`,
    CASE `lies` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `lies`,
    CASE `bullied` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `bullied`,
    CASE `helpout` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `helpout`,
    CASE `reflect` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `reflect`,
    CASE `steals` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `steals`,
    CASE `oldbest` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `oldbest`,
    CASE `afraid` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `afraid`,
    CASE `attends` WHEN '0' THEN 0 WHEN '1' THEN 1 WHEN '2' THEN 2 END AS `attends`
  FROM `cells`
),
-- How many questions of each scale were answered, and what the answers come to.
`tallies` AS (
  SELECT
    `answers`.*,
    -- emotional
    CAST(size(filter(array(`somatic`, `worries`, `unhappy`, `clingy`, `afraid`), answer -> answer IS NOT NULL)) AS BIGINT) AS `emotional_answered`,
    CAST(
      coalesce(`somatic`, 0) + coalesce(`worries`, 0) + coalesce(`unhappy`, 0) + coalesce(`clingy`, 0) +
      coalesce(`afraid`, 0)
      AS BIGINT) AS `emotional_points`,
    -- conduct
    CAST(size(filter(array(`tantrum`, `obeys`, `fights`, `lies`, `steals`), answer -> answer IS NOT NULL)) AS BIGINT) AS `conduct_answered`,
    CAST(
      coalesce(`tantrum`, 0) + coalesce(2 - `obeys`, 0) + coalesce(`fights`, 0) + coalesce(`lies`, 0) +
      coalesce(`steals`, 0)
      AS BIGINT) AS `conduct_points`,
    -- hyperactivity
    CAST(size(filter(array(`restles`, `fidgety`, `distrac`, `reflect`, `attends`), answer -> answer IS NOT NULL)) AS BIGINT) AS `hyperactivity_answered`,
    CAST(
      coalesce(`restles`, 0) + coalesce(`fidgety`, 0) + coalesce(`distrac`, 0) + coalesce(2 - `reflect`, 0) +
      coalesce(2 - `attends`, 0)
      AS BIGINT) AS `hyperactivity_points`,
    -- peer
    CAST(size(filter(array(`loner`, `friend`, `popular`, `bullied`, `oldbest`), answer -> answer IS NOT NULL)) AS BIGINT) AS `peer_answered`,
    CAST(
      coalesce(`loner`, 0) + coalesce(2 - `friend`, 0) + coalesce(2 - `popular`, 0) + coalesce(`bullied`, 0) +
      coalesce(`oldbest`, 0)
      AS BIGINT) AS `peer_points`,
    -- prosocial
    CAST(size(filter(array(`consid`, `shares`, `caring`, `kind`, `helpout`), answer -> answer IS NOT NULL)) AS BIGINT) AS `prosocial_answered`,
    CAST(
      coalesce(`consid`, 0) + coalesce(`shares`, 0) + coalesce(`caring`, 0) + coalesce(`kind`, 0) +
      coalesce(`helpout`, 0)
      AS BIGINT) AS `prosocial_points`
  FROM `answers`
),
-- The scales that are made from questions.
`scales` AS (
  SELECT
    `tallies`.*,
    -- emotional: Emotional symptoms, 0 to 10, lower is better
    -- the sum of somatic, worries, unhappy, clingy and afraid
    -- at least 3 of 5 answers are needed; the mean of the answers given stands for the missing ones, rounded to the
    --   nearest whole number, halves up
    CASE
      WHEN `emotional_answered` >= 3 THEN (10 * `emotional_points` + `emotional_answered`) div (2 * `emotional_answered`)
    END AS `emotional`,
    CASE
      WHEN `emotional_answered` < 3 THEN 'not scored: ' || `emotional_answered` || ' of 5 answered, 3 needed'
      WHEN `emotional_answered` < 5 THEN 'estimated from ' || `emotional_answered` || ' of 5 answers'
    END AS `emotional_about`,
    -- conduct: Conduct problems, 0 to 10, lower is better
    -- the sum of tantrum, obeys reversed, fights, lies and steals
    -- at least 3 of 5 answers are needed; the mean of the answers given stands for the missing ones, rounded to the
    --   nearest whole number, halves up
    CASE
      WHEN `conduct_answered` >= 3 THEN (10 * `conduct_points` + `conduct_answered`) div (2 * `conduct_answered`)
    END AS `conduct`,
    CASE
      WHEN `conduct_answered` < 3 THEN 'not scored: ' || `conduct_answered` || ' of 5 answered, 3 needed'
      WHEN `conduct_answered` < 5 THEN 'estimated from ' || `conduct_answered` || ' of 5 answers'
    END AS `conduct_about`,
    -- hyperactivity: Hyperactivity and inattention, 0 to 10, lower is better
    -- the sum of restles, fidgety, distrac, reflect reversed and attends reversed
    -- at least 3 of 5 answers are needed; the mean of the answers given stands for the missing ones, rounded to the
    --   nearest whole number, halves up
    CASE
      WHEN `hyperactivity_answered` >= 3 THEN (10 * `hyperactivity_points` + `hyperactivity_answered`) div (2 * `hyperactivity_answered`)
    END AS `hyperactivity`,
    CASE
      WHEN `hyperactivity_answered` < 3 THEN 'not scored: ' || `hyperactivity_answered` || ' of 5 answered, 3 needed'
      WHEN `hyperactivity_answered` < 5 THEN 'estimated from ' || `hyperactivity_answered` || ' of 5 answers'
    END AS `hyperactivity_about`,
    -- peer: Peer problems, 0 to 10, lower is better
    -- the sum of loner, friend reversed, popular reversed, bullied and oldbest
    -- at least 3 of 5 answers are needed; the mean of the answers given stands for the missing ones, rounded to the
    --   nearest whole number, halves up
    CASE WHEN `peer_answered` >= 3 THEN (10 * `peer_points` + `peer_answered`) div (2 * `peer_answered`) END AS `peer`,
    CASE
      WHEN `peer_answered` < 3 THEN 'not scored: ' || `peer_answered` || ' of 5 answered, 3 needed'
      WHEN `peer_answered` < 5 THEN 'estimated from ' || `peer_answered` || ' of 5 answers'
    END AS `peer_about`,
    -- prosocial: Prosocial behaviour, 0 to 10, higher is better
    -- the sum of consid, shares, caring, kind and helpout
    -- at least 3 of 5 answers are needed; the mean of the answers given stands for the missing ones, rounded to the
    --   nearest whole number, halves up
    CASE
      WHEN `prosocial_answered` >= 3 THEN (10 * `prosocial_points` + `prosocial_answered`) div (2 * `prosocial_answered`)
    END AS `prosocial`,
    CASE
      WHEN `prosocial_answered` < 3 THEN 'not scored: ' || `prosocial_answered` || ' of 5 answered, 3 needed'
      WHEN `prosocial_answered` < 5 THEN 'estimated from ' || `prosocial_answered` || ' of 5 answers'
    END AS `prosocial_about`
  FROM `tallies`
),
-- What is made from them.
`derived` AS (
  SELECT
    `scales`.*,
    -- total: Total difficulties, the main scale, 0 to 40, lower is better
    -- the sum of emotional, conduct, hyperactivity and peer; not scored if any of them is not
    `emotional` + `conduct` + `hyperactivity` + `peer` AS `total`,
    CASE
      WHEN `emotional` IS NULL THEN 'not scored: emotional absent'
      WHEN `conduct` IS NULL THEN 'not scored: conduct absent'
      WHEN `hyperactivity` IS NULL THEN 'not scored: hyperactivity absent'
      WHEN `peer` IS NULL THEN 'not scored: peer absent'
      WHEN coalesce(`emotional_about`, `conduct_about`, `hyperactivity_about`, `peer_about`) IS NOT NULL THEN 'estimated: ' || (`emotional_answered` + `conduct_answered` + `hyperactivity_answered` + `peer_answered`) || ' of 20 answers'
    END AS `total_about`,
    `emotional_answered` + `conduct_answered` + `hyperactivity_answered` + `peer_answered` AS `total_answered`,
    -- internalising: Internalising difficulties, 0 to 20, lower is better
    -- the sum of emotional and peer; not scored if any of them is not
    `emotional` + `peer` AS `internalising`,
    CASE
      WHEN `emotional` IS NULL THEN 'not scored: emotional absent'
      WHEN `peer` IS NULL THEN 'not scored: peer absent'
      WHEN coalesce(`emotional_about`, `peer_about`) IS NOT NULL THEN 'estimated: ' || (`emotional_answered` + `peer_answered`) || ' of 10 answers'
    END AS `internalising_about`,
    `emotional_answered` + `peer_answered` AS `internalising_answered`,
    -- externalising: Externalising difficulties, 0 to 20, lower is better
    -- the sum of conduct and hyperactivity; not scored if any of them is not
    `conduct` + `hyperactivity` AS `externalising`,
    CASE
      WHEN `conduct` IS NULL THEN 'not scored: conduct absent'
      WHEN `hyperactivity` IS NULL THEN 'not scored: hyperactivity absent'
      WHEN coalesce(`conduct_about`, `hyperactivity_about`) IS NOT NULL THEN 'estimated: ' || (`conduct_answered` + `hyperactivity_answered`) || ' of 10 answers'
    END AS `externalising_about`,
    `conduct_answered` + `hyperactivity_answered` AS `externalising_answered`
  FROM `scales`
)
SELECT
  `pupil_id`,
  `emotional`,
  CASE
    WHEN `emotional` IS NULL THEN NULL
    WHEN `emotional` >= 6 THEN 'very high'
    WHEN `emotional` >= 5 THEN 'high'
    WHEN `emotional` >= 4 THEN 'slightly raised'
    ELSE 'close to average'
  END AS `emotional_band`,
  `emotional_about` AS `emotional_note`,
  `conduct`,
  CASE
    WHEN `conduct` IS NULL THEN NULL
    WHEN `conduct` >= 5 THEN 'very high'
    WHEN `conduct` >= 4 THEN 'high'
    WHEN `conduct` >= 3 THEN 'slightly raised'
    ELSE 'close to average'
  END AS `conduct_band`,
  `conduct_about` AS `conduct_note`,
  `hyperactivity`,
  CASE
    WHEN `hyperactivity` IS NULL THEN NULL
    WHEN `hyperactivity` >= 9 THEN 'very high'
    WHEN `hyperactivity` >= 8 THEN 'high'
    WHEN `hyperactivity` >= 6 THEN 'slightly raised'
    ELSE 'close to average'
  END AS `hyperactivity_band`,
  `hyperactivity_about` AS `hyperactivity_note`,
  `peer`,
  CASE
    WHEN `peer` IS NULL THEN NULL
    WHEN `peer` >= 6 THEN 'very high'
    WHEN `peer` >= 5 THEN 'high'
    WHEN `peer` >= 3 THEN 'slightly raised'
    ELSE 'close to average'
  END AS `peer_band`,
  `peer_about` AS `peer_note`,
  `prosocial`,
  CASE
    WHEN `prosocial` IS NULL THEN NULL
    WHEN `prosocial` <= 3 THEN 'very low'
    WHEN `prosocial` <= 4 THEN 'low'
    WHEN `prosocial` <= 5 THEN 'slightly lowered'
    ELSE 'close to average'
  END AS `prosocial_band`,
  `prosocial_about` AS `prosocial_note`,
  `total`,
  CASE
    WHEN `total` IS NULL THEN NULL
    WHEN `total` >= 19 THEN 'very high'
    WHEN `total` >= 16 THEN 'high'
    WHEN `total` >= 12 THEN 'slightly raised'
    ELSE 'close to average'
  END AS `total_band`,
  `total_about` AS `total_note`,
  `internalising`,
  `internalising_about` AS `internalising_note`,
  `externalising`,
  `externalising_about` AS `externalising_note`
FROM `derived`;
