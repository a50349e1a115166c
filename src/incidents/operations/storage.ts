import type { ActionTable } from './action-table.ts';

/**
 * What each logged storage operation needs. Source: the permission tables of "Authorize with Microsoft Entra ID"
 * (https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory) joined with the operation names of
 * https://learn.microsoft.com/azure/storage/blobs/map-rest-apis-transaction-categories. The names of hierarchical namespaces (ReadFile,
 * CreatePathFile, …) are inferred from the REST calls they stand for. Containers, queues and tables themselves are control-plane actions.
 */
export const blob: ActionTable = [
  {
    action: 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read',
    plane: 'data',
    operations: [
      'GetBlob',
      'GetBlobProperties',
      'GetBlobMetadata',
      'ListBlobs',
      'GetBlockList',
      'QueryBlobContents',
      'GetPageRegions',
      'GetPageRanges',
      'ReadFile',
      'GetPathStatus',
      'GetFileProperties',
      'ListFilesystemDir',
      'ListFilesystemFile',
      'GetPathAccessControl',
    ],
  },
  {
    action: 'Microsoft.Storage/storageAccounts/blobServices/containers/read',
    plane: 'control',
    operations: ['GetContainerProperties', 'GetContainerMetadata', 'ListContainers'],
  },
  {
    action: 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write',
    plane: 'data',
    operations: [
      'PutBlock',
      'PutBlockList',
      'PutBlockFromURL',
      'SetBlobMetadata',
      'SetBlobProperties',
      'SetBlobTier',
      'PutPage',
      'AcquireBlobLease',
      'ReleaseBlobLease',
      'RenewBlobLease',
      'BreakBlobLease',
      'ChangeBlobLease',
      'AbortCopyBlob',
      'SetBlobExpiry',
      'PutBlob',
      'PutBlobFromURL',
      'CopyBlob',
      'CopyBlobFromURL',
      'SnapshotBlob',
      'AppendBlock',
      'AppendBlockFromURL',
      'IncrementalCopyBlob',
      'CreatePathFile',
      'CreatePathDir',
      'AppendFile',
      'FlushFile',
      'SetFileProperties',
      'RenamePathFile',
      'RenamePathDir',
    ],
  },
  { action: 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete', plane: 'data', operations: ['DeleteBlob'] },
  {
    action: 'Microsoft.Storage/storageAccounts/blobServices/containers/write',
    plane: 'control',
    operations: [
      'CreateContainer',
      'SetContainerMetadata',
      'AcquireContainerLease',
      'ReleaseContainerLease',
      'RenewContainerLease',
      'BreakContainerLease',
      'ChangeContainerLease',
      'RestoreContainer',
      'UndeleteBlob',
    ],
  },
  { action: 'Microsoft.Storage/storageAccounts/blobServices/containers/delete', plane: 'control', operations: ['DeleteContainer'] },
  { action: 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags/read', plane: 'data', operations: ['GetBlobTags'] },
  { action: 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags/write', plane: 'data', operations: ['SetBlobTags'] },
  {
    action: 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/filter/action',
    plane: 'data',
    operations: ['FindBlobsByTags'],
  },
  {
    action: 'Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action',
    plane: 'control',
    operations: ['GetUserDelegationKey'],
  },
  { action: 'Microsoft.Storage/storageAccounts/blobServices/containers/getAcl/action', plane: 'control', operations: ['GetContainerACL'] },
  { action: 'Microsoft.Storage/storageAccounts/blobServices/containers/setAcl/action', plane: 'control', operations: ['SetContainerACL'] },
  {
    action: 'Microsoft.Storage/storageAccounts/blobServices/read',
    plane: 'control',
    operations: ['GetBlobServiceProperties', 'GetBlobServiceStats'],
  },
  { action: 'Microsoft.Storage/storageAccounts/blobServices/write', plane: 'control', operations: ['SetBlobServiceProperties'] },
];

export const queue: ActionTable = [
  {
    action: 'Microsoft.Storage/storageAccounts/queueServices/queues/messages/process/action',
    plane: 'data',
    operations: ['GetMessage', 'GetMessages', 'DeleteMessage'],
  },
  {
    action: 'Microsoft.Storage/storageAccounts/queueServices/queues/messages/read',
    plane: 'data',
    operations: ['PeekMessage', 'PeekMessages'],
  },
  { action: 'Microsoft.Storage/storageAccounts/queueServices/queues/messages/add/action', plane: 'data', operations: ['PutMessage'] },
  { action: 'Microsoft.Storage/storageAccounts/queueServices/queues/messages/write', plane: 'data', operations: ['UpdateMessage'] },
  { action: 'Microsoft.Storage/storageAccounts/queueServices/queues/messages/delete', plane: 'data', operations: ['ClearMessages'] },
  {
    action: 'Microsoft.Storage/storageAccounts/queueServices/queues/read',
    plane: 'control',
    operations: ['GetQueueMetadata', 'ListQueues'],
  },
  {
    action: 'Microsoft.Storage/storageAccounts/queueServices/queues/write',
    plane: 'control',
    operations: ['CreateQueue', 'SetQueueMetadata'],
  },
  { action: 'Microsoft.Storage/storageAccounts/queueServices/queues/delete', plane: 'control', operations: ['DeleteQueue'] },
];

export const table: ActionTable = [
  {
    action: 'Microsoft.Storage/storageAccounts/tableServices/tables/entities/read',
    plane: 'data',
    operations: ['QueryEntity', 'QueryEntities'],
  },
  {
    action: 'Microsoft.Storage/storageAccounts/tableServices/tables/entities/write',
    plane: 'data',
    operations: ['InsertEntity', 'InsertOrMergeEntity', 'InsertOrReplaceEntity', 'UpdateEntity', 'MergeEntity', 'EntityGroupTransaction'],
  },
  { action: 'Microsoft.Storage/storageAccounts/tableServices/tables/entities/delete', plane: 'data', operations: ['DeleteEntity'] },
  { action: 'Microsoft.Storage/storageAccounts/tableServices/tables/read', plane: 'control', operations: ['QueryTables'] },
  { action: 'Microsoft.Storage/storageAccounts/tableServices/tables/write', plane: 'control', operations: ['CreateTable'] },
  { action: 'Microsoft.Storage/storageAccounts/tableServices/tables/delete', plane: 'control', operations: ['DeleteTable'] },
];

export const file: ActionTable = [
  {
    action: 'Microsoft.Storage/storageAccounts/fileServices/fileShares/files/read',
    plane: 'data',
    operations: ['GetFile', 'GetFileProperties', 'GetFileMetadata', 'ListFiles', 'ListDirectoriesAndFiles', 'GetDirectoryProperties'],
  },
  {
    action: 'Microsoft.Storage/storageAccounts/fileServices/readFileBackupSemantics/action',
    plane: 'data',
    operations: ['GetFile', 'GetFileProperties', 'GetFileMetadata', 'ListFiles', 'ListDirectoriesAndFiles', 'GetDirectoryProperties'],
  },
  {
    action: 'Microsoft.Storage/storageAccounts/fileServices/fileShares/files/write',
    plane: 'data',
    operations: ['PutFile', 'CreateFile', 'PutRange', 'CreateDirectory', 'SetFileProperties', 'SetFileMetadata', 'RenameFile'],
  },
  {
    action: 'Microsoft.Storage/storageAccounts/fileServices/writeFileBackupSemantics/action',
    plane: 'data',
    operations: [
      'PutFile',
      'CreateFile',
      'PutRange',
      'CreateDirectory',
      'SetFileProperties',
      'SetFileMetadata',
      'RenameFile',
      'DeleteFile',
    ],
  },
  { action: 'Microsoft.Storage/storageAccounts/fileServices/fileShares/files/delete', plane: 'data', operations: ['DeleteFile'] },
];
