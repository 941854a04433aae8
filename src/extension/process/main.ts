/** The engine process: the program behind dist/engine.js, forked by the extension host. */
import { DirectionRequests } from "../../protocol/directions";
import { EngineRequests } from "../../protocol/engine";
import { ImportRequests } from "../../protocol/imports";
import { listDirections, saveDirection } from "./handlers/directions";
import { discoverDirections, writeDirection } from "./handlers/discovery";
import { combineDirections, conditionDirection, orthogonaliseDirections } from "./handlers/editing";
import { fitEncoder } from "./handlers/encoder";
import { fitDirections } from "./handlers/fitting";
import { importData, importLabelSet, importModel, lookIntoFiles } from "./handlers/imports";
import { createLabelSet, resumeLabelSet } from "./handlers/labels";
import { openModelPack } from "./handlers/model";
import { listPacks, verifyPack } from "./handlers/packs";
import { detect, invert } from "./handlers/photo";
import { listPhotos, writeInversionReport } from "./handlers/photoBatch";
import { hello } from "./handlers/process";
import { readRecipe, saveRecipe } from "./handlers/recipes";
import { reportDirections } from "./handlers/report";
import { closeLatent, openLatent, render, saveLatent, savePicture, tuneLatent } from "./handlers/studio";
import { summariseFiles } from "./handlers/summaries";
import { connectToParent } from "./parent";
import { serve } from "./serve";
import { Workbench } from "./workbench";

const connection = connectToParent();
const workbench = new Workbench();

serve(connection, EngineRequests.hello, (parameters) => hello(workbench, parameters));
serve(connection, EngineRequests.openModel, (parameters) => openModelPack(workbench, parameters));
serve(connection, EngineRequests.listDirections, (parameters) => listDirections(workbench, parameters));
serve(connection, EngineRequests.detect, (parameters, call) => detect(workbench, parameters, call));
serve(connection, EngineRequests.invert, (parameters, call) => invert(workbench, parameters, call));
serve(connection, EngineRequests.listPhotos, (parameters) => listPhotos(workbench, parameters));
serve(connection, EngineRequests.writeInversionReport, (parameters, call) =>
  writeInversionReport(workbench, parameters, call),
);
serve(connection, EngineRequests.openLatent, (parameters) => openLatent(workbench, parameters));
serve(connection, EngineRequests.render, (parameters) => render(workbench, parameters));
serve(connection, EngineRequests.saveLatent, (parameters) => saveLatent(workbench, parameters));
serve(connection, EngineRequests.savePicture, (parameters) => savePicture(workbench, parameters));
serve(connection, EngineRequests.saveDirection, (parameters) => saveDirection(workbench, parameters));
serve(connection, EngineRequests.saveRecipe, (parameters) => saveRecipe(workbench, parameters));
serve(connection, EngineRequests.readRecipe, (parameters) => readRecipe(workbench, parameters));
serve(connection, EngineRequests.tuneLatent, (parameters, call) => tuneLatent(workbench, parameters, call));
serve(connection, EngineRequests.closeLatent, (parameters) => closeLatent(workbench, parameters));

serve(connection, DirectionRequests.summariseFiles, (parameters) => summariseFiles(workbench, parameters));
serve(connection, DirectionRequests.createLabelSet, (parameters, call) =>
  createLabelSet(workbench, parameters, call),
);
serve(connection, DirectionRequests.resumeLabelSet, (parameters, call) =>
  resumeLabelSet(workbench, parameters, call),
);
serve(connection, DirectionRequests.fitDirections, (parameters, call) =>
  fitDirections(workbench, parameters, call),
);
serve(connection, DirectionRequests.conditionDirection, (parameters, call) =>
  conditionDirection(workbench, parameters, call),
);
serve(connection, DirectionRequests.combineDirections, (parameters) =>
  combineDirections(workbench, parameters),
);
serve(connection, DirectionRequests.orthogonaliseDirections, (parameters, call) =>
  orthogonaliseDirections(workbench, parameters, call),
);
serve(connection, DirectionRequests.discoverDirections, (parameters, call) =>
  discoverDirections(workbench, parameters, call),
);
serve(connection, DirectionRequests.writeDirection, (parameters) => writeDirection(workbench, parameters));
serve(connection, DirectionRequests.reportDirections, (parameters) =>
  reportDirections(workbench, parameters),
);

serve(connection, ImportRequests.lookIntoFiles, (parameters) => lookIntoFiles(workbench, parameters));
serve(connection, ImportRequests.importModel, (parameters, call) => importModel(workbench, parameters, call));
serve(connection, ImportRequests.importLabelSet, (parameters, call) =>
  importLabelSet(workbench, parameters, call),
);
serve(connection, ImportRequests.importData, (parameters, call) => importData(workbench, parameters, call));
serve(connection, ImportRequests.fitEncoder, (parameters, call) => fitEncoder(workbench, parameters, call));
serve(connection, ImportRequests.listPacks, (parameters) => listPacks(workbench, parameters));
serve(connection, ImportRequests.verifyPack, (parameters, call) => verifyPack(workbench, parameters, call));

connection.listen();
