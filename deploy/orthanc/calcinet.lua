-- A study that has come to rest in Orthanc goes to calcinet once; calcinet's own objects do not set it off again.
-- orthanc.json: "LuaScripts": ["calcinet.lua"], "DicomModalities": { "calcinet": ["CALCINET", "10.0.0.5", 11112] },
-- "StableAge": 60 (seconds without a new image).

local RECEIVER = 'calcinet' -- as DicomModalities calls it
local SENT = '9000' -- the study's metadata that says it was sent; 1024 to 65535 are free for users
local EXAMINED = { CR = true, DX = true, RG = true, CT = true, MG = true, NM = true }

-- How many images a study holds that calcinet examines.
local function count(study)
  local images = 0
  for _, series in ipairs(ParseJson(RestApiGet('/studies/' .. study .. '/series', false))) do
    if EXAMINED[series['MainDicomTags']['Modality']] then
      images = images + #series['Instances']
    end
  end
  return images
end

local function sent_before(study)
  for _, name in ipairs(ParseJson(RestApiGet('/studies/' .. study .. '/metadata', false))) do
    if name == SENT then
      return tonumber(RestApiGet('/studies/' .. study .. '/metadata/' .. SENT, false)) or 0
    end
  end
  return 0
end

function OnStableStudy(study, tags, metadata)
  local images = count(study)
  if images == 0 or images == sent_before(study) then
    return
  end
  for _, series in ipairs(ParseJson(RestApiGet('/studies/' .. study .. '/series', false))) do
    if EXAMINED[series['MainDicomTags']['Modality']] then
      RestApiPost('/modalities/' .. RECEIVER .. '/store', series['ID'], false)
    end
  end
  RestApiPut('/studies/' .. study .. '/metadata/' .. SENT, tostring(images), false)
end
