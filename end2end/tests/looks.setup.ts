import { test } from "@playwright/test";
import { prepare } from "../support/looks";

test("the organizations in the pictures", () => prepare());
