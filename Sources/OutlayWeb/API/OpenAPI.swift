/// The description of the API, served at `/api/v1/openapi.json`.
enum OpenAPI {
    static let document = #"""
        {"openapi":"3.1.0",
         "info":{"title":"Outlay","version":"1","description":"Who spent what on AI. Amounts are decimal strings in dollars, times RFC 3339."},
         "servers":[{"url":"/api/v1"}],
         "security":[{"token":[]}],
         "paths":{
          "/spend":{"get":{"operationId":"spend","summary":"Spend by any dimensions","parameters":[
            {"name":"by","in":"query","schema":{"type":"string","default":"team,model"}},
            {"name":"from","in":"query","schema":{"type":"string"},"description":"month, day or instant; default: this month"},
            {"name":"to","in":"query","schema":{"type":"string"},"description":"a month or day is included"},
            {"name":"grain","in":"query","schema":{"enum":["hour","day","week","month"]}},
            {"name":"where","in":"query","schema":{"type":"array","items":{"type":"string"}},"explode":true,"description":"team=growth; an empty value means absent"},
            {"name":"zone","in":"query","schema":{"type":"string","default":"UTC"}}],
            "responses":{"200":{"description":"rows, dearest first","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Spend"}}}},"default":{"$ref":"#/components/responses/Error"}}}},
          "/calls/{id}":{"get":{"operationId":"explainCall","summary":"Every event of one call","parameters":[{"$ref":"#/components/parameters/id"}],"responses":{"200":{"description":"events, oldest first"},"default":{"$ref":"#/components/responses/Error"}}}},
          "/keys":{"get":{"operationId":"listKeys","responses":{"200":{"description":"client keys, without their secrets"},"default":{"$ref":"#/components/responses/Error"}}},
            "post":{"operationId":"createKey","requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/KeyRequest"}}}},"responses":{"201":{"description":"the key, with its secret this once"},"default":{"$ref":"#/components/responses/Error"}}}},
          "/keys/{id}":{"delete":{"operationId":"revokeKey","parameters":[{"$ref":"#/components/parameters/id"}],"responses":{"204":{"description":"revoked"},"default":{"$ref":"#/components/responses/Error"}}}},
          "/keys/{id}/rotate":{"post":{"operationId":"rotateKey","parameters":[{"$ref":"#/components/parameters/id"}],"requestBody":{"content":{"application/json":{"schema":{"type":"object","properties":{"grace":{"type":"integer","description":"seconds the old secret stays valid"}}}}}},"responses":{"200":{"description":"the key, with its new secret"},"default":{"$ref":"#/components/responses/Error"}}}},
          "/provider-keys/{name}":{"put":{"operationId":"storeProviderKey","parameters":[{"name":"name","in":"path","required":true,"schema":{"type":"string"}}],"requestBody":{"required":true,"content":{"application/json":{"schema":{"type":"object","required":["key"],"properties":{"key":{"type":"string"}}}}}},"responses":{"204":{"description":"stored, encrypted"},"default":{"$ref":"#/components/responses/Error"}}}},
          "/prices":{"get":{"operationId":"listPrices","parameters":[{"name":"model","in":"query","schema":{"type":"string"}}],"responses":{"200":{"description":"rates in force"},"default":{"$ref":"#/components/responses/Error"}}},
            "post":{"operationId":"updatePrices","requestBody":{"required":true,"content":{"application/json":{"schema":{"type":"object","required":["book"],"properties":{"book":{"type":"string"},"signature":{"type":"array","items":{"type":"integer"}},"dryRun":{"type":"boolean"}}}}}},"responses":{"200":{"description":"what it changes"},"default":{"$ref":"#/components/responses/Error"}}}},
          "/rerate":{"post":{"operationId":"rerate","requestBody":{"required":true,"content":{"application/json":{"schema":{"type":"object","properties":{"from":{"type":"string"},"to":{"type":"string"},"dryRun":{"type":"boolean"}}}}}},"responses":{"200":{"description":"what changed"},"default":{"$ref":"#/components/responses/Error"}}}},
          "/verify":{"post":{"operationId":"verify","responses":{"200":{"description":"differences, empty when sound"},"default":{"$ref":"#/components/responses/Error"}}}},
          "/doctor":{"get":{"operationId":"doctor","responses":{"200":{"description":"findings"},"default":{"$ref":"#/components/responses/Error"}}}},
          "/backup":{"get":{"operationId":"backup","responses":{"200":{"description":"a consistent copy of the ledger","content":{"application/vnd.sqlite3":{}}},"default":{"$ref":"#/components/responses/Error"}}}}},
         "components":{
          "securitySchemes":{"token":{"type":"http","scheme":"bearer"}},
          "parameters":{"id":{"name":"id","in":"path","required":true,"schema":{"type":"string"}}},
          "responses":{"Error":{"description":"code, message and request id","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Error"}}}}},
          "schemas":{
           "Error":{"type":"object","required":["code","message","request"],"properties":{"code":{"type":"string"},"message":{"type":"string"},"request":{"type":"string"}}},
           "KeyRequest":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"workspace":{"type":"string"},"tags":{"type":"object"},"allow":{"type":"object"},"upstreams":{"type":"array","items":{"type":"string"}},"models":{"type":"array","items":{"type":"string"}},"for":{"enum":["gateway","ingest","both"]},"expires":{"type":"string"}}},
           "Spend":{"type":"object","required":["from","to","zone","rows","total"],"properties":{"from":{"type":"string"},"to":{"type":"string"},"zone":{"type":"string"},"rows":{"type":"array","items":{"$ref":"#/components/schemas/Row"}},"total":{"$ref":"#/components/schemas/Row"}}},
           "Row":{"type":"object","required":["key","calls","usage","cost_usd"],"properties":{"key":{"type":"object"},"calls":{"type":"integer"},"usage":{"type":"object"},"cost_usd":{"type":["string","null"]},"list_usd":{"type":["string","null"]},"notional_usd":{"type":"string"},"unpriced_calls":{"type":"integer"},"estimated_calls":{"type":"integer"},"unmetered_calls":{"type":"integer"}}}}}}
        """#
}
